package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.InvalidInputException;

class CheckpointsTest {
    @TempDir
    private Path folder;

    @Test
    void opensGgufWhateverTheFileIsCalled() {
        Path path = TinyLlama.gguf().writeTo(folder.resolve("model.bin"));
        assertEquals(path, Checkpoints.open(path).path());
    }

    @Test
    void refusesAMissingFile() {
        refuses(folder.resolve("none.gguf"), "no model file or folder");
    }

    @Test
    void refusesAFolderWithoutAModel() {
        refuses(folder, "without model.safetensors and model.safetensors.index.json");
    }

    @Test
    void refusesAFolderThatHasOnlyPicklesAndSaysWhatToDo() throws IOException {
        write("config.json", "{}");
        write("pytorch_model.bin", "PK");
        String message = assertThrows(InvalidInputException.class, () -> Checkpoints.open(folder)).getMessage();
        assertTrue(message.startsWith(folder.resolve("pytorch_model.bin") + " is a PyTorch pickle")
                && message.contains("convert it to safetensors"), message);
    }

    @Test
    void pointsFromWeightsToTheFolderThatTheyLieIn() throws IOException {
        refuses(write("model.safetensors", "{}"), "give the folder that it lies in");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        refuses(Files.createFile(folder.resolve("empty.gguf")), "empty");
    }

    @ParameterizedTest
    @CsvSource({"pytorch_model.bin, xxxx", "model.PT, xxxx", "a.pth, xxxx", "a.ckpt, x", "weights, PK\u0003\u0004",
        "weights, \u0080\u0002}q", "weights, '\u0080\u0005'"})
    void refusesAPickleAndSaysWhatToDo(String name, String beginning) throws IOException {
        refuses(write(name, beginning), "convert it to safetensors");
    }

    @ParameterizedTest
    @CsvSource({"model.gguf, GGU", "model.gguf, FUGG"})
    void refusesAnythingElse(String name, String beginning) throws IOException {
        refuses(write(name, beginning), "does not begin with the letters GGUF");
    }

    private Path write(String name, String beginning) throws IOException {
        return Files.write(folder.resolve(name), beginning.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void refuses(Path path, String words) {
        String message = assertThrows(InvalidInputException.class, () -> Checkpoints.open(path)).getMessage();
        assertTrue(message.contains(path.toString()) && message.contains(words) && message.endsWith("."), message);
    }
}
