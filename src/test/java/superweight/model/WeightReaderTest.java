package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;

/** A tensor is the same whether it is read at once or put together from pieces. */
class WeightReaderTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final Path FOLDER =
            Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama/gqa-untied-f32");

    @TempDir
    private Path folder;

    /** From less than a row to more than a tensor, with and without a rest. */
    @ParameterizedTest
    @ValueSource(longs = {1, 24, 25, 7 * 24, 8 * 24, 11 * 24, 100, 1 << 20})
    void aGgufFileGivesTheSameTensorsInPiecesOfAnySize(long mostElements) {
        Checkpoint checkpoint = Checkpoints.open(TINY.writeTo(folder.resolve("tiny.gguf")));
        try (NDManager manager = TorchEngine.newManager()) {
            WeightReader reader = new WeightReader(checkpoint, manager, mostElements);
            TINY.weights().forEach((name, values) ->
                    assertArrayEquals(values, reader.tensor(name).toFloatArray(), name));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 8, 20, 64, 100, 1 << 20})
    void aHuggingFaceFolderGivesTheSameTensorsInPiecesOfAnySize(long mostElements) {
        Checkpoint checkpoint = Checkpoints.open(FOLDER);
        try (NDManager manager = TorchEngine.newManager()) {
            WeightReader reader = new WeightReader(checkpoint, manager, mostElements);
            checkpoint.tensors().forEach((name, shape) -> {
                float[] expected = new float[Math.toIntExact(shape.elements())];
                checkpoint.read(name).asFloatBuffer().get(expected);
                NDArray tensor = reader.tensor(name);
                assertArrayEquals(expected, tensor.toFloatArray(), name);
                assertEquals(DataType.FLOAT32, tensor.getDataType());
                assertEquals(shape.dimensions().size(), tensor.getShape().dimension());
            });
            assertEquals(checkpoint.tensors().size(), manager.getManagedArrays().size(), "no piece is kept");
        }
    }
}
