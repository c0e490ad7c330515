package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The engine ends the whole JVM, without an exception, when it is asked for a bfloat16 array. No test
 * could survive to report that, so this one reads the sources instead: bfloat16 is decoded to float32
 * in the checkpoint package, and nothing past it knows the type.
 */
class FloatTypesTest {
    private static final Path SOURCES = Path.of(System.getProperty("superweight.home"), "src/main/java/superweight");

    @Test
    void noSourceOutsideTheCheckpointPackageNamesBfloat16() throws IOException {
        List<Path> sources = sources();
        assertTrue(sources.size() > 20, "the sources are read from " + SOURCES);
        List<Path> guilty = sources.stream()
                .filter(file -> !file.startsWith(SOURCES.resolve("checkpoint")))
                .filter(file -> code(file).toLowerCase(Locale.ROOT).contains("bfloat16"))
                .toList();
        assertEquals(List.of(), guilty);
    }

    @Test
    void theCheckpointPackageAsksTheEngineForNothing() throws IOException {
        List<Path> guilty = sources().stream()
                .filter(file -> file.startsWith(SOURCES.resolve("checkpoint")))
                .filter(file -> code(file).contains("ai.djl.ndarray"))
                .toList();
        assertEquals(List.of(), guilty);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    /** A source without its comments, which may well say why bfloat16 is kept out. */
    private static String code(Path file) {
        try {
            return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//[^\\n]*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
