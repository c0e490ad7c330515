package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.InvalidInputException;

class AtomicFolderTest {
    @TempDir
    private Path parent;

    @Test
    void itAppearsWholeWhenItIsPublished() throws IOException {
        try (AtomicFolder folder = AtomicFolder.begin(parent.resolve("out"), 3)) {
            folder.write("one", new byte[] {1, 2, 3});
            assertEquals(false, Files.exists(parent.resolve("out")));
            folder.publish();
        }
        assertEquals(List.of("out"), names(parent));
        assertEquals(List.of("one"), names(parent.resolve("out")));
    }

    @Test
    void anEmptyFolderIsReplaced() throws IOException {
        Files.createDirectory(parent.resolve("out"));
        try (AtomicFolder folder = AtomicFolder.begin(parent.resolve("out"), 3)) {
            folder.write("one", new byte[3]);
            folder.publish();
        }
        assertEquals(List.of("one"), names(parent.resolve("out")));
    }

    @Test
    void nothingIsLeftOfOneThatWasNotPublishedAndItTakesNoMoreFiles() throws IOException {
        AtomicFolder folder = AtomicFolder.begin(parent.resolve("out"), 3);
        folder.write("one", new byte[3]);
        folder.close();
        assertEquals(List.of(), names(parent));
        assertThrows(IOException.class, () -> folder.create("two"));
    }

    @Test
    void withoutRoomForItNothingIsBegun() throws IOException {
        InvalidInputException refusal = assertThrows(
                InvalidInputException.class, () -> AtomicFolder.begin(parent.resolve("out"), Long.MAX_VALUE));
        assertEquals(0, refusal.getMessage().indexOf("The disk of " + parent.resolve("out") + " must have room for "));
        assertEquals(List.of(), names(parent));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
