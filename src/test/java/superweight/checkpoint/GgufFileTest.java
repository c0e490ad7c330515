package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static superweight.checkpoint.GgufBytes.F32;
import static superweight.checkpoint.GgufBytes.UINT8;
import static superweight.checkpoint.GgufBytes.int32;
import static superweight.checkpoint.GgufBytes.int64;
import static superweight.checkpoint.GgufBytes.join;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;

class GgufFileTest {
    private static final long HUGE = 1L << 60;
    private static final byte[] NONE = {};
    private static final byte[] FOUR_FLOATS = new byte[16];

    @TempDir
    private Path folder;

    @Test
    void readsMetadataAndTensorsOfBothVersions() {
        for (int version : List.of(2, 3)) {
            GgufFile file = GgufFile.open(file().version(version)
                    .string("general.name", "tiny")
                    .floats("b", new float[] {5, 6}, 2)
                    .writeTo(folder.resolve("right.gguf")));
            assertEquals("tiny", file.metadata().string("general.name"));
            assertEquals(List.of("a", "b"), List.copyOf(file.tensors().keySet()));
            assertEquals(Shape.of(2, 1, 2), file.tensors().get("a").shape());
            assertEquals(4f, values(file, "a").get(3));
            assertEquals(6f, values(file, "b").get(1));
        }
    }

    @Test
    void followsTheAlignmentThatTheFileDeclares() {
        GgufFile file = GgufFile.open(file().uint32("general.alignment", 256).aligned(256)
                .floats("b", new float[] {7}, 1)
                .writeTo(folder.resolve("aligned.gguf")));
        assertEquals(0, file.tensors().get("b").position() % 256);
        assertEquals(7f, values(file, "b").get(0));
    }

    @Test
    void readsATensorThatLiesBeyondTwoGibibytes() throws IOException {
        long largeBytes = (1L << 31) + 2048;
        Path path = new GgufBytes()
                .tensor("large", TensorType.F16.id(), NONE, 1 << 10, largeBytes >> 11)
                .tensorAt(largeBytes, "small", F32, NONE, 2)
                .writeTo(folder.resolve("sparse.gguf"));
        long dataStart = Files.size(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-2f);
            channel.write(values.flip(), dataStart + largeBytes);
            channel.write(ByteBuffer.wrap(new byte[] {0x00, 0x42}), dataStart + largeBytes - 2);
        }
        GgufFile file = GgufFile.open(path);
        assertEquals(-2f, values(file, "small").get(1));
        FloatBuffer lastRow = FloatBuffer.allocate(1 << 10);
        file.tensors().get("large").read(file.tensors().get("large").shape().rows() - 1, lastRow);
        assertEquals(3f, lastRow.get((1 << 10) - 1));
    }

    @Test
    void warnsOfBytesAfterTheLastTensorButOpens() throws IOException {
        byte[] bytes = file().toBytes();
        Path path = Files.write(folder.resolve("trailing.gguf"), Arrays.copyOf(bytes, bytes.length + 1));
        assertEquals(1, GgufFile.open(path).warnings().size());
        assertTrue(GgufFile.open(path).warnings().get(0).contains("17 bytes after its last tensor"));
    }

    @Test
    void warnsOfAKeyInUpperCaseButOpens() {
        Path path = file().string("General.Name", "tiny").writeTo(folder.resolve("upper.gguf"));
        assertEquals(
                List.of(path + " has the metadata key General.Name, which is not in lower case as the format asks."),
                GgufFile.open(path).warnings());
    }

    @Test
    void acceptsALastTensorWithoutPadding() throws IOException {
        byte[] bytes = file().toBytes();
        Path path = Files.write(folder.resolve("unpadded.gguf"), Arrays.copyOf(bytes, bytes.length - 16));
        GgufFile file = GgufFile.open(path);
        assertEquals(4f, values(file, "a").get(3));
        assertEquals(List.of(), file.warnings());
    }

    @Test
    void refusesToReadFromAFileThatHasChangedItsLength() throws IOException {
        Path path = file().writeTo(folder.resolve("changed.gguf"));
        GgufFile file = GgufFile.open(path);
        Files.write(path, new byte[10]);
        String message = assertThrows(InvalidInputException.class, () -> values(file, "a"))
                .getMessage();
        assertTrue(message.contains("the length of the file") && message.contains("but is 10"), message);
    }

    private static FloatBuffer values(GgufFile file, String name) {
        StoredTensor tensor = file.tensors().get(name);
        FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(tensor.shape().elements()));
        tensor.read(0, values);
        return values;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesWithOneSentenceAndWithoutAllocating(String name, byte[] bytes, List<String> words) throws IOException {
        Path path = Files.write(folder.resolve("wrong.gguf"), bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        InvalidInputException refusal = assertThrows(InvalidInputException.class, () -> GgufFile.open(path));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        String message = refusal.getMessage();
        assertTrue(message.contains(path.toString()) && message.endsWith(".") && !message.contains("\n"), message);
        words.forEach(word -> assertTrue(message.contains(word), () -> message + " lacks: " + word));
        assertTrue(allocated < 4 << 20, () -> "allocated " + allocated + " bytes");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                refused("magic", file().magic("GGML"), "magic number", "GGUF", "0x47474d4c"),
                refused("version 0", file().version(0), "version", "2 or 3", "but is 0"),
                refused("version 1", file().version(1), "version", "2 or 3", "but is 1"),
                refused("version 4", file().version(4), "version", "2 or 3", "but is 4"),
                refused("byte order", file().version(3 << 24), "byte order", "little-endian", "big-endian"),
                refused("negative tensor count", file().tensorCount(-1), "number of tensors", "18446744073709551615"),
                refused("huge tensor count", file().tensorCount(HUGE), "number of tensors", "at most", HUGE),
                refused("tensor count beyond the cap", padded(file().tensorCount(1 << 17)), "number of tensors", 65536),
                refused("negative pair count", file().pairCount(-1), "metadata pairs", "18446744073709551615"),
                refused("huge pair count", file().pairCount(HUGE), "metadata pairs", "at most", HUGE),
                refused("pair count one too large", file().bool("k", 1).pairCount(2), "name of tensor 0"),

                refused("empty key", file().bool("", 1), "key of metadata pair 0", "empty"),
                refused("long key", file().bool("k".repeat(65536), 1), "key of metadata pair 0", 65535, 65536),
                refused("key twice", file().bool("k", 1).bool("k", 0), "metadata key k", "once", "twice"),
                refused("key not ASCII", file().bool("clé", 1), "key of metadata pair 0", "ASCII", "\"cl?\""),
                refused("key with a line break", file().bool("a\nb", 1), "key of metadata pair 0", "\"a?b\""),
                refused("key not UTF-8", file().pair(new byte[] {(byte) 0xC3}, UINT8, new byte[1]), "key", "UTF-8"),
                refused("string longer than the file", file().pair("k", GgufBytes.STRING, int64(HUGE)),
                        "length in bytes of the value of metadata key k", "room for", HUGE),
                refused("string of negative length", file().pair("k", GgufBytes.STRING, int64(-1)), "metadata key k"),
                refused("string not UTF-8", file().pair("k", GgufBytes.STRING, join(int64(1), new byte[] {-1})),
                        "value of metadata key k", "UTF-8"),
                refused("unknown value type", file().pair("k", 13, int32(0)), "type of metadata key k", "but is 13"),
                refused("negative value type", file().pair("k", -1, int32(0)), "metadata key k", "4294967295"),
                refused("bool of 2", file().bool("k", 2), "value of metadata key k", "0 or 1", "but is 2"),
                refused("bool of 255 in an array", file().array("k", GgufBytes.BOOL, 2, new byte[] {1, -1}), "is 255"),
                refused("unknown array type", file().array("k", 99, 1, new byte[8]), "element type", "key k", "99"),
                refused("array in an array", file().array("k", GgufBytes.ARRAY, 1, new byte[12]), "array in an array"),
                refused("huge array", file().array("k", UINT8, HUGE, NONE), "array elements of metadata key k", HUGE),
                refused("negative array", file().array("k", UINT8, -1, NONE), "array elements of metadata key k"),
                refused("array whose size overflows", file().array("k", GgufBytes.UINT64, 1L << 61, NONE), 1L << 61),
                refused("array of strings that cannot fit", file().array("k", GgufBytes.STRING, 40, NONE), "but is 40"),
                refused("array beyond the cap", padded(file().array("k", UINT8, 5_000_000, NONE)), "key k", 4194304),

                refused("alignment not uint32", file().pair("general.alignment", GgufBytes.UINT64, int64(32)),
                        "general.alignment", "uint32", "uint64"),
                refused("alignment 0", file().uint32("general.alignment", 0), "general.alignment", "power of two"),
                refused("alignment 48", file().uint32("general.alignment", 48), "general.alignment", "but is 48"),
                refused("alignment 2^17", file().uint32("general.alignment", 1 << 17), "general.alignment", 65536),

                refused("empty tensor name", tensor("", F32, 4), "name of tensor 1", "empty"),
                refused("long tensor name", tensor("t".repeat(65), F32, 4), "name of tensor 1", 64, "but is 65"),
                refused("tensor twice", tensor("a", F32, 4), "tensor a", "once", "twice"),
                refused("no dimensions", tensor("t", F32), "number of dimensions of tensor t", "but is 0"),
                refused("five dimensions", tensor("t", F32, 1, 1, 1, 1, 4), "dimensions of tensor t", "but is 5"),
                refused("dimension 0", tensor("t", F32, 4, 0), "dimension 1 of tensor t", "positive", "but is 0"),
                refused("negative dimension", tensor("t", F32, -4), "dimension 0 of tensor t", "but is -4"),
                refused("shape that overflows to 4", tensor("t", F32, (1L << 62) + 1, 4), "size of tensor t", "2^63"),
                refused("size that overflows", tensor("t", F32, 1L << 62), "size of tensor t", "2^63"),
                refused("unsupported type", tensor("t", 12, 256), "type of tensor t", "Q4_1, Q8_0", "Q4_K"),
                refused("removed type", tensor("t", 4, 32), "type of tensor t", "Q4_2"),
                refused("unknown type", tensor("t", 200, 32), "type of tensor t", "unknown type number 200"),
                refused("partial block", tensor("t", TensorType.Q4_0.id(), 16, 2), "tensor t", "multiple of 32", "16"),

                refused("unaligned offset", at(33), "offset of tensor t", "be 32,", "but is 33"),
                refused("offset with a gap", at(64), "offset of tensor t", "be 32,", "but is 64"),
                refused("offset onto another", at(0), "offset of tensor t", "be 32,", "but is 0"),
                refused("offset outside the file", at(HUGE), "offset of tensor t", "be 32,", HUGE),
                refused("negative offset", at(-32), "offset of tensor t", "18446744073709551584"),
                refused("data past the end", tensor("t", F32, 1 << 20), "data of tensor t", 1 << 22, "leaves 32"),
                refused("sum of sizes that overflows", tensor("t", F32, (1L << 61) - 1),
                        "data of tensor t", "leaves 32"),
                refused("head cut short", Arrays.copyOf(file().toBytes(), 6), "cut short", "version", "ends after 2"),
                refused("table cut short", Arrays.copyOf(file().toBytes(), 64), "cut short", "tensor a"),
                refused("data cut short", Arrays.copyOf(file().toBytes(), 111), "data of tensor a", "leaves 15"));
    }

    /** A right file: tensor {@code a} of shape [2, 1, 2] holding 1, 2, 3, 4. */
    private static GgufBytes file() {
        return new GgufBytes().floats("a", new float[] {1, 2, 3, 4}, 2, 1, 2);
    }

    private static GgufBytes tensor(String name, int type, long... dimensions) {
        return file().tensor(name, type, FOUR_FLOATS, dimensions);
    }

    private static GgufBytes at(long offset) {
        return file().tensorAt(offset, "t", F32, FOUR_FLOATS, 4);
    }

    /** Long enough for anything declared, so that only the reader's own caps can refuse it. */
    private static byte[] padded(GgufBytes file) {
        byte[] bytes = file.toBytes();
        return Arrays.copyOf(bytes, bytes.length + 6_000_000);
    }

    private static Arguments refused(String name, GgufBytes file, Object... words) {
        return refused(name, file.toBytes(), words);
    }

    private static Arguments refused(String name, byte[] bytes, Object... words) {
        return arguments(name, bytes, Arrays.stream(words).map(String::valueOf).toList());
    }
}
