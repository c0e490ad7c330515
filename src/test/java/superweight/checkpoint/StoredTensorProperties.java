package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import superweight.InvalidInputException;

/** Any rows are read as they lie in the file, whatever their type, their width and their order there. */
class StoredTensorProperties {
    /** Bytes before the tensor. */
    private static final int BEFORE = 37;

    private static Path folder;

    /** A tensor of random bytes, every NaN among them, with rows stored in some order. */
    private record Case(TensorType type, int rows, int blocksPerRow, RowOrder order, long seed) {
        int rowBytes() {
            return blocksPerRow * type.bytesPerBlock();
        }

        int rowElements() {
            return blocksPerRow * type.elementsPerBlock();
        }

        /** The file's bytes of a row of the weight. */
        byte[] row(byte[] data, int row) {
            int from = BEFORE + (int) order.stored(row) * rowBytes();
            return Arrays.copyOfRange(data, from, from + rowBytes());
        }

        /** The bits of a row's numbers, for a NaN is not equal to itself. */
        int[] bits(byte[] data, int row) {
            float[] values = new float[rowElements()];
            type.decode(row(data, row), blocksPerRow, values);
            return StoredTensorProperties.bits(values);
        }
    }

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("superweight-stored-tensor");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("tensor.bin"));
        Files.delete(folder);
    }

    @Property(tries = 300)
    void anyRowsAreReadAsTheyLieInTheFile(@ForAll("cases") Case each) throws IOException {
        assertAnyRowsAreRead(each);
    }

    /** A step of reading ends within a row, and one row takes several steps. */
    @Example
    void rowsAreReadPastOneStep() throws IOException {
        for (TensorType type : TensorType.values()) {
            int elements = type.elementsPerBlock();
            assertAnyRowsAreRead(new Case(type, 5, 100_000 / elements, row -> 4 - row, 1));
            assertAnyRowsAreRead(new Case(type, 96, 1056 / elements, RowOrder.interleavedHalves(32), 2));
            assertAnyRowsAreRead(new Case(type, 2000, 96 / elements, RowOrder.AS_STORED, 3));
        }
    }

    @Example
    void refusesRowsThatAreNotThereAndBuffersOfNoWholeRows() throws IOException {
        StoredTensor tensor = write(new Case(TensorType.F16, 3, 4, RowOrder.AS_STORED, 1), new byte[BEFORE + 24]);
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.read(2, FloatBuffer.allocate(8)));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.readStored(-1, ByteBuffer.allocate(8)));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.readStored(2, ByteBuffer.allocate(16)));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.read(new int[] {3}, FloatBuffer.allocate(4)));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.read(new int[] {-1}, FloatBuffer.allocate(4)));
        assertThrows(IllegalArgumentException.class, () -> tensor.read(0, FloatBuffer.allocate(3)));
        assertThrows(IllegalArgumentException.class, () -> tensor.readStored(0, ByteBuffer.allocate(9)));
        assertThrows(IllegalArgumentException.class, () -> tensor.read(new int[] {0}, FloatBuffer.allocate(8)));
    }

    @Example
    void refusesAFileThatHasBecomeShorter() throws IOException {
        StoredTensor tensor = write(new Case(TensorType.F16, 3, 4, RowOrder.AS_STORED, 1), new byte[BEFORE + 24]);
        Files.write(tensor.file(), new byte[BEFORE + 23]);
        assertRefusesToRead(tensor, "the length of the file");
    }

    /** The file is as long as it was when a read begins, and ends before the tensor does. */
    @Example
    void refusesAFileThatBecomesShorterMeanwhile() throws IOException {
        byte[] data = new byte[BEFORE + 23];
        assertRefusesToRead(write(new Case(TensorType.F16, 3, 4, RowOrder.AS_STORED, 1), data), "became shorter");
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Integer> rows = Arbitraries.integers().between(1, 60);
        return Combinators.combine(
                        Arbitraries.of(TensorType.values()),
                        rows.map(count -> count * 2),
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.of(0, 1, 2),
                        Arbitraries.longs())
                .as((type, count, blocks, order, seed) -> new Case(type, count, blocks, order(order, count), seed));
    }

    private static RowOrder order(int number, int rows) {
        return switch (number) {
            case 0 -> RowOrder.AS_STORED;
            case 1 -> RowOrder.interleavedHalves(rows); // one head
            default -> row -> rows - 1 - row;
        };
    }

    private static void assertAnyRowsAreRead(Case each) throws IOException {
        Random random = new Random(each.seed);
        byte[] data = new byte[BEFORE + each.rows * each.rowBytes() + random.nextInt(9)];
        random.nextBytes(data);
        StoredTensor tensor = write(each, data);
        int first = random.nextInt(each.rows);
        int count = 1 + random.nextInt(each.rows - first);
        int width = each.rowElements();

        float[] consecutive = new float[1 + count * width + 1]; // the buffer's margins are left alone
        tensor.read(first, FloatBuffer.wrap(consecutive, 1, count * width));
        byte[] stored = new byte[1 + count * each.rowBytes() + 1];
        tensor.readStored(first, ByteBuffer.wrap(stored, 1, count * each.rowBytes()));
        for (int row = 0; row < count; row++) {
            int from = 1 + row * width;
            assertArrayEquals(
                    each.bits(data, first + row), bits(Arrays.copyOfRange(consecutive, from, from + width)));
            from = 1 + row * each.rowBytes();
            assertArrayEquals(
                    each.row(data, first + row), Arrays.copyOfRange(stored, from, from + each.rowBytes()));
        }
        assertEquals(0, stored[0] | stored[stored.length - 1]);
        assertEquals(0, consecutive[0] + consecutive[consecutive.length - 1]);

        int[] some = random.ints(7, 0, each.rows).toArray();
        FloatBuffer direct = ByteBuffer.allocateDirect(some.length * width * Float.BYTES).asFloatBuffer();
        tensor.read(some, direct);
        for (int i = 0; i < some.length; i++) {
            float[] row = new float[width];
            direct.get(i * width, row);
            assertArrayEquals(each.bits(data, some[i]), bits(row));
        }
    }

    private static void assertRefusesToRead(StoredTensor tensor, String words) {
        for (Runnable read : new Runnable[] {
            () -> tensor.read(0, FloatBuffer.allocate(12)),
            () -> tensor.read(new int[] {2}, FloatBuffer.allocate(4)),
            () -> tensor.readStored(0, ByteBuffer.allocate(24)),
            () -> tensor.readStored(2, ByteBuffer.allocateDirect(8))
        }) {
            String message = assertThrows(InvalidInputException.class, read::run).getMessage();
            assertTrue(message.contains(words), message);
        }
    }

    private static StoredTensor write(Case each, byte[] data) throws IOException {
        Path file = Files.write(folder.resolve("tensor.bin"), data);
        Shape shape = Shape.of(each.rows, each.rowElements());
        return new StoredTensor(file, data.length, "t", each.type, shape, BEFORE, each.order);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
