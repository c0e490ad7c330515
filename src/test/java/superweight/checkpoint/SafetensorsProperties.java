package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import superweight.InvalidInputException;

class SafetensorsProperties {
    private static final byte[] VALID = new SafetensorsBytes()
            .floats("model.norm.weight", new float[] {1, 2, 3}, Shape.of(3))
            .tensor("lm_head.weight", "BF16", SafetensorsBytes.data(12), 2, 3)
            .tensor("model.embed_tokens.weight", "F16", SafetensorsBytes.data(12), 2, 3)
            .toBytes();

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("superweight-safetensors");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("tiny.safetensors"));
        Files.delete(folder);
    }

    /** A tensor as a header describes it. */
    private record Tensor(String name, TensorType type, List<Long> shape) {}

    @Property(tries = 300)
    void whatIsWrittenIsRead(@ForAll("tables") List<Tensor> table) throws IOException {
        SafetensorsBytes bytes = new SafetensorsBytes();
        for (Tensor tensor : table) {
            long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            int size = Math.toIntExact(Shape.of(shape).elements() * tensor.type().bytesPerBlock());
            bytes.tensor(tensor.name(), tensor.type().name(), SafetensorsBytes.data(size), shape);
        }
        Map<String, StoredTensor> read = open(bytes.toBytes()).orElseThrow();
        assertEquals(table.size(), read.size());
        for (Tensor tensor : table) {
            StoredTensor stored = read.get(tensor.name());
            assertEquals(tensor.type(), stored.type());
            assertEquals(new Shape(tensor.shape()), stored.shape());
            int elements = Math.toIntExact(stored.shape().elements());
            float[] expected = new float[elements];
            tensor.type().decode(SafetensorsBytes.data(elements * tensor.type().bytesPerBlock()), elements, expected);
            assertEquals(-1, FloatBuffer.wrap(expected).mismatch(values(stored)), tensor.name());
        }
    }

    @Property(tries = 3000)
    void aFlippedByteEitherOpensOrIsRefused(
            @ForAll @IntRange(max = 1 << 16) int position, @ForAll @IntRange(min = 1, max = 255) int flip)
            throws IOException {
        byte[] bytes = VALID.clone();
        bytes[position % VALID.length] ^= (byte) flip;
        int header = (VALID[0] & 0xFF) | (VALID[1] & 0xFF) << 8;
        Optional<Map<String, StoredTensor>> read = open(bytes);
        if (position % VALID.length >= 8 + header) { // in the data, where every byte is a number
            assertEquals(described(open(VALID).orElseThrow()), described(read.orElseThrow()));
        }
        read.ifPresent(tensors -> tensors.values().forEach(SafetensorsProperties::values));
    }

    @Property(tries = 500)
    void aTruncatedFileIsRefused(@ForAll @IntRange(max = 1 << 16) int length) throws IOException {
        assertTrue(open(Arrays.copyOf(VALID, length % VALID.length)).isEmpty(), "opened when truncated");
    }

    @Provide
    Arbitrary<List<Tensor>> tables() {
        Arbitrary<String> names = Arbitraries.strings().withCharRange('a', 'z').withChars("._-0é漢 ").ofMinLength(1)
                .ofMaxLength(20).filter(name -> !name.equals("__metadata__"));
        Arbitrary<TensorType> types = Arbitraries.of(TensorType.F32, TensorType.F16, TensorType.BF16);
        Arbitrary<List<Long>> shapes = Arbitraries.longs().between(0, 5).list().ofMaxSize(4);
        return Combinators.combine(names, types, shapes).as(Tensor::new)
                .list().ofMaxSize(8).uniqueElements(Tensor::name);
    }

    /** Opens a file; anything but a refusal escapes and fails the property. */
    private static Optional<Map<String, StoredTensor>> open(byte[] bytes) throws IOException {
        try {
            return Optional.of(SafetensorsFile.open(Files.write(folder.resolve("tiny.safetensors"), bytes)).tensors());
        } catch (InvalidInputException refused) {
            return Optional.empty();
        }
    }

    private static FloatBuffer values(StoredTensor tensor) {
        FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(tensor.shape().elements()));
        if (values.hasRemaining()) {
            tensor.read(0, values);
        }
        return values.clear();
    }

    private static Map<String, String> described(Map<String, StoredTensor> tensors) {
        Map<String, String> described = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> described.put(name, tensor.type() + " " + tensor.shape()));
        return described;
    }
}
