package superweight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void sumsTextsAndFilesAsEveryoneDoes() throws IOException {
        assertEquals(OF_ABC, Sha256.of("abc"));
        assertEquals(OF_ABC, Sha256.of(Files.writeString(folder.resolve("abc.gguf"), "abc")));
    }

    @Test
    void sumsAModelsFolderByTheNamesAndSumsOfTheFilesThatMakeTheModel() throws IOException {
        Files.writeString(folder.resolve("model.safetensors"), "abc");
        Files.writeString(folder.resolve("config.json"), "abc");
        assertEquals(Sha256.of("config.json " + OF_ABC + "\nmodel.safetensors " + OF_ABC + "\n"), Sha256.of(folder));
    }

    @Test
    void aFoldersSumChangesWithItsModelAndWithNothingElse() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        String before = Sha256.of(folder);
        Files.writeString(folder.resolve("README.md"), "Read me.");
        assertEquals(before, Sha256.of(folder));
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertNotEquals(before, Sha256.of(folder));
    }
}
