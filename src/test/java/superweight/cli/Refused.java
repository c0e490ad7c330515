package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A command line that is refused.
 *
 * @param line words; {@code TINY}, {@code TEXT} and {@code FOLDER} stand for paths, {@code ''} for nothing
 * @param says part of the sentence
 */
record Refused(String line, String says) {
    @Override
    public String toString() {
        return line;
    }

    /** The words of a line as they are typed, with the paths in a folder. */
    static String[] words(String line, Path folder) {
        return Stream.of(line.split(" "))
                .map(word -> word.equals("''") ? "" : word)
                .map(word -> word.replace("TINY", "FOLDER/tiny.gguf").replace("TEXT", "FOLDER/text.txt"))
                .map(word -> word.replace("FOLDER", folder.toString()))
                .toArray(String[]::new);
    }

    /** One sentence, no result. */
    static void assertRefused(String says, int exitCode, Console console) {
        assertAll(
                () -> assertEquals(exitCode, console.exitCode()),
                () -> assertEquals("", console.out()),
                () -> assertEquals(1, console.err().lines().count(), console::err),
                () -> assertTrue(console.err().startsWith("superweight: "), console::err),
                () -> assertTrue(console.err().endsWith(".\n"), console::err),
                () -> assertTrue(console.err().contains(says), console::err),
                () -> assertFalse(console.err().contains("Exception"), console::err));
    }
}
