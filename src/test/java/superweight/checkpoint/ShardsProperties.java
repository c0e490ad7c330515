package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import superweight.InvalidInputException;
import superweight.checkpoint.SafetensorsWriter.Tensor;

class ShardsProperties {
    private Path folder;

    @BeforeTry
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("superweight-shards");
    }

    @AfterTry
    void removeFolder() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    @Property(tries = 300)
    void ourReaderFindsEveryNumberWhateverTheShapesTypesAndShards(
            @ForAll("tables") List<Tensor> table,
            @ForAll @IntRange(min = 1, max = 600) int most,
            @ForAll @IntRange(min = 1, max = 50) int piece) throws IOException {
        Shards.of(table, most).write(this::create, (tensor, to) -> inPieces(numbers(tensor), piece, to));
        Map<String, StoredTensor> read = ShardIndex.read(new ModelFolder(folder)).orElseThrow();
        assertEquals(table.size(), read.size());
        for (Tensor tensor : table) {
            StoredTensor stored = read.get(tensor.name());
            assertEquals(tensor.type().stored(), stored.type());
            assertEquals(tensor.shape(), stored.shape());
            assertEquals(-1, FloatBuffer.wrap(numbers(tensor)).mismatch(values(stored)), tensor.name());
        }
    }

    @Property(tries = 300)
    void noFileIsLargerThanAllowedUnlessOneTensorIs(
            @ForAll("tables") List<Tensor> table, @ForAll @IntRange(min = 1, max = 600) int most) {
        Shards shards = Shards.of(table, most);
        assertEquals(table, shards.files().stream().flatMap(List::stream).toList());
        for (List<Tensor> file : shards.files()) {
            long bytes = file.stream().mapToLong(Tensor::bytes).sum();
            assertTrue(bytes <= most || file.stream().filter(tensor -> tensor.bytes() > 0).count() == 1);
        }
    }

    /** What makes a number lie at a multiple of its size, which readers that map the file into memory rely on. */
    @Property(tries = 300)
    void everyTensorIsAligned(@ForAll("tables") List<Tensor> table) throws IOException {
        Shards.of(table, Long.MAX_VALUE).write(this::create, (tensor, to) -> inPieces(numbers(tensor), 7, to));
        ShardIndex.read(new ModelFolder(folder)).orElseThrow().forEach((name, stored) ->
                assertEquals(0, stored.position() % stored.type().bytesPerBlock(), name));
    }

    @Example
    void shardsAndTheirIndexAreNamedAsTransformersNamesThem() throws IOException {
        List<Tensor> table = List.of(
                tensor("a", FloatType.FLOAT32, 3), tensor("b", FloatType.FLOAT32, 2), tensor("c", FloatType.FLOAT16, 1));
        Shards.of(table, 12).write(this::create, (tensor, to) -> inPieces(numbers(tensor), 7, to));
        assertEquals(
                List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json"),
                files().stream().map(file -> file.getFileName().toString()).sorted().toList());
        assertEquals("""
                {
                  "metadata": {
                    "total_size": 22
                  },
                  "weight_map": {
                    "a": "model-00001-of-00002.safetensors",
                    "b": "model-00002-of-00002.safetensors",
                    "c": "model-00002-of-00002.safetensors"
                  }
                }
                """, Files.readString(folder.resolve("model.safetensors.index.json")));
    }

    @Example
    void moreNumbersThanATensorHasAreAMistakeAndTooFewLeaveNoSafetensorsFile() throws IOException {
        List<Tensor> table = List.of(tensor("a", FloatType.FLOAT32, 3));
        try (SafetensorsWriter writer = new SafetensorsWriter(new ByteArrayOutputStream(), table)) {
            writer.write(new float[2], 2);
            assertThrows(IllegalArgumentException.class, () -> writer.write(new float[2], 2));
        }
        Shards.of(table, 100).write(this::create, (tensor, to) -> to.write(new float[2], 2));
        assertThrows(InvalidInputException.class, () -> SafetensorsFile.open(folder.resolve("model.safetensors")));
    }

    @Provide
    Arbitrary<List<Tensor>> tables() {
        Arbitrary<String> names = Arbitraries.strings().withCharRange('a', 'z').withChars("._-0é漢\" ").ofMinLength(1)
                .ofMaxLength(20).filter(name -> !name.equals("__metadata__"));
        Arbitrary<Shape> shapes = Arbitraries.longs().between(0, 5).list().ofMaxSize(4).map(Shape::new);
        return Combinators.combine(names, Arbitraries.of(FloatType.class), shapes).as(Tensor::new)
                .list().ofMinSize(1).ofMaxSize(8).uniqueElements(Tensor::name);
    }

    private static Tensor tensor(String name, FloatType type, long elements) {
        return new Tensor(name, type, Shape.of(elements));
    }

    /** Numbers that every type holds, different from tensor to tensor. */
    private static float[] numbers(Tensor tensor) {
        float[] numbers = new float[Math.toIntExact(tensor.shape().elements())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (tensor.name().hashCode() + i) % 128 / 8f;
        }
        return numbers;
    }

    private static void inPieces(float[] numbers, int piece, SafetensorsWriter to) throws IOException {
        for (int from = 0; from < numbers.length; from += piece) {
            int count = Math.min(piece, numbers.length - from);
            float[] next = new float[piece];
            System.arraycopy(numbers, from, next, 0, count);
            to.write(next, count);
        }
    }

    private static FloatBuffer values(StoredTensor tensor) {
        FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(tensor.shape().elements()));
        if (values.hasRemaining()) {
            tensor.read(0, values);
        }
        return values.clear();
    }

    private OutputStream create(String name) throws IOException {
        return Files.newOutputStream(folder.resolve(name));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
