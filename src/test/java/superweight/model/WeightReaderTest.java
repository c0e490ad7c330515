package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;

/** A tensor is the same whether it is read at once or in pieces, decoded or as it is stored. */
class WeightReaderTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final Path FOLDERS =
            Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama");
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    private Path folder;

    /** From less than a row to more than a tensor, with and without a rest. */
    @ParameterizedTest
    @ValueSource(longs = {1, 24, 25, 7 * 24, 8 * 24, 11 * 24, 100, 1 << 20})
    void aGgufFileGivesTheSameTensorsInPiecesOfAnySize(long mostElements) {
        Checkpoint checkpoint = Checkpoints.open(TINY.writeTo(folder.resolve("tiny.gguf")));
        try (NDManager manager = TorchEngine.newManager()) {
            WeightReader reader = new WeightReader(checkpoint, manager::create, mostElements);
            TINY.weights().forEach((name, values) ->
                    assertArrayEquals(values, reader.tensor(name).toFloatArray(), name));
        }
    }

    /** Of random bytes, so that there are NaNs with payloads among the numbers. */
    @ParameterizedTest
    @CsvSource({
        "gqa-untied-f32, FLOAT32, 1", "gqa-untied-f32, FLOAT32, 20", "gqa-untied-f32, FLOAT32, 1048576",
        "llama3-f16, FLOAT16, 1", "llama3-f16, FLOAT16, 20", "llama3-f16, FLOAT16, 1048576",
        "mistral-bf16, FLOAT32, 1", "mistral-bf16, FLOAT32, 20", "mistral-bf16, FLOAT32, 1048576"})
    void aHuggingFaceFolderGivesTheSameTensorsInPiecesOfAnySize(String name, DataType stored, long mostElements)
            throws IOException {
        Checkpoint checkpoint = Checkpoints.open(ofRandomBytes(name));
        try (NDManager manager = TorchEngine.newManager()) {
            WeightReader reader = new WeightReader(checkpoint, manager::create, mostElements);
            checkpoint.tensors().forEach((weight, shape) -> {
                NDArray tensor = reader.tensor(weight);
                assertEquals(DataType.FLOAT32, tensor.getDataType());
                assertEquals(shape.dimensions().size(), tensor.getShape().dimension());
                byte[] decoded = bytes(checkpoint.read(weight));
                assertArrayEquals(decoded, bytes(tensor.toByteBuffer(false)), weight);
                NDArray asStored = reader.stored(weight);
                assertEquals(stored, asStored.getDataType());
                assertEquals(tensor.getShape(), asStored.getShape());
                assertArrayEquals(
                        stored == DataType.FLOAT16 ? bytesOfTheFile(checkpoint, weight) : decoded,
                        bytes(asStored.toByteBuffer(false)), weight);
            });
            assertEquals(2 * checkpoint.tensors().size(), manager.getManagedArrays().size(), "no piece is kept");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gqa-untied-f32", "llama3-f16", "mistral-bf16"})
    void rowsAreThoseOfTheTensor(String name) throws IOException {
        Checkpoint checkpoint = Checkpoints.open(ofRandomBytes(name));
        int[] ids = {5, 0, 17, 5, Math.toIntExact(checkpoint.shape(EMBEDDING).rows() - 1)};
        try (NDManager manager = TorchEngine.newManager()) {
            WeightReader reader = WeightReader.of(checkpoint, manager);
            NDArray rows = reader.rows(EMBEDDING, ids);
            int width = Math.toIntExact(checkpoint.shape(EMBEDDING).rowElements());
            assertEquals(new Shape(ids.length, width), rows.getShape());
            assertEquals(DataType.FLOAT32, rows.getDataType());
            byte[] all = bytes(checkpoint.read(EMBEDDING));
            byte[] read = bytes(rows.toByteBuffer(false));
            for (int i = 0; i < ids.length; i++) {
                assertArrayEquals(row(all, ids[i], width), row(read, i, width));
            }
            assertEquals(1, manager.getManagedArrays().size());
        }
    }

    @Test
    void refusesAWeightThatIsNotThereAndAFileThatHasBecomeShorter() throws IOException {
        Path path = ofRandomBytes("llama3-f16");
        Checkpoint checkpoint = Checkpoints.open(path);
        try (NDManager manager = TorchEngine.newManager()) {
            WeightReader reader = WeightReader.of(checkpoint, manager);
            assertThrows(InvalidInputException.class, () -> reader.stored("lm_head.bias"));
            Path file = path.resolve("model.safetensors");
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5000));
            for (Runnable read : new Runnable[] {
                () -> reader.tensor(EMBEDDING), () -> reader.stored(EMBEDDING), () -> reader.rows(EMBEDDING, new int[1])
            }) {
                String message = assertThrows(InvalidInputException.class, read::run).getMessage();
                assertTrue(message.contains("the length of the file"), message);
            }
            assertEquals(0, manager.getManagedArrays().size(), "what could not be read is not kept");
        }
    }

    /** A copy of a golden folder with other numbers. */
    private Path ofRandomBytes(String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        try (var files = Files.newDirectoryStream(FOLDERS.resolve(name))) {
            for (Path file : files) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path weights = copy.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        int dataStart = Math.toIntExact(8 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        byte[] numbers = new byte[bytes.length - dataStart];
        new Random(1).nextBytes(numbers);
        System.arraycopy(numbers, 0, bytes, dataStart, numbers.length);
        Files.write(weights, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        return copy;
    }

    private static byte[] bytesOfTheFile(Checkpoint checkpoint, String name) {
        byte[] bytes = new byte[Math.toIntExact(
                checkpoint.shape(name).elements() * checkpoint.type(name).bytesPerBlock())];
        checkpoint.readStored(name, 0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] row(byte[] bytes, int row, int width) {
        return Arrays.copyOfRange(bytes, row * width * Float.BYTES, (row + 1) * width * Float.BYTES);
    }
}
