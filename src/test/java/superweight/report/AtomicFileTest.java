package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesWhatWasThereAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("new/table.md");
        AtomicFile.write(file, "old");
        AtomicFile.write(file, "new");
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("table.md"), names(folder.resolve("new")));
    }

    @Test
    void saysInOneSentenceWhatCouldNotBeWrittenAndWhyAndLeavesNothing() throws IOException {
        // A folder with something in it cannot be replaced by a file.
        Path file = Files.createDirectories(folder.resolve("taken/inside")).getParent();
        UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> AtomicFile.write(file, "new"));
        assertEquals("could not write " + file + ": Is a directory", refused.getMessage());
        assertEquals(List.of("taken"), names(folder));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
