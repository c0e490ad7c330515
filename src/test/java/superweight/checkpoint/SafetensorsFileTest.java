package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static superweight.checkpoint.SafetensorsBytes.data;
import static superweight.checkpoint.SafetensorsBytes.entry;
import static superweight.checkpoint.SafetensorsBytes.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;

class SafetensorsFileTest {
    private static final String A = entry("a", "F32", "[2]", 0, 8);

    /** What the reference reader accepts and this one does not. */
    private static final Set<String> STRICTER = Set.of(
            "duplicate tensor", "extra field", "zero in a name", "escape in a name", "empty name",
            "64-bit integers", "8-bit floats");

    @TempDir
    private Path folder;

    @Test
    void readsTensorsOfEveryTypeInTheOrderOfTheirData() {
        SafetensorsFile file = open(new SafetensorsBytes()
                .tensor("half", "F16", new byte[] {0, 0x3C, 0, (byte) 0xC0}, 2)
                .tensor("brain", "BF16", new byte[] {(byte) 0x80, 0x3F, 0, (byte) 0xC0}, 1, 2)
                .floats("single", new float[] {1, -2, 3, 4}, Shape.of(2, 2))
                .toBytes());
        assertEquals(List.of("half", "brain", "single"), List.copyOf(file.tensors().keySet()));
        assertArrayEquals(new float[] {1, -2}, values(file, "half", 0, 2));
        assertArrayEquals(new float[] {1, -2}, values(file, "brain", 0, 2));
        assertArrayEquals(new float[] {3, 4}, values(file, "single", 1, 2));
        assertEquals(Shape.of(1, 2), file.tensors().get("brain").shape());
    }

    /** The cases are made, and the reference asked, by {@code src/test/golden/make_safetensors_cases.py}. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void acceptsWhatTheReferenceReaderAcceptsButForWhatIsListed(String name, byte[] bytes, boolean accepted) {
        boolean opened = true;
        try {
            open(bytes);
        } catch (InvalidInputException refused) {
            opened = false;
        }
        assertEquals(accepted && !STRICTER.contains(name), opened);
    }

    @Test
    void isStricterOnlyWhereTheReferenceReaderAccepts() throws IOException {
        Set<String> accepted = new HashSet<>();
        cases().filter(row -> (boolean) row.get()[2]).forEach(row -> accepted.add((String) row.get()[0]));
        assertTrue(accepted.containsAll(STRICTER));
    }

    static Stream<Arguments> cases() throws IOException {
        try (var in = SafetensorsFileTest.class.getResourceAsStream("/golden/safetensors-cases.json");
                var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return StreamSupport.stream(JsonParser.parseReader(reader).getAsJsonArray().spliterator(), false)
                    .map(JsonElement::getAsJsonObject)
                    .map(SafetensorsFileTest::arguments3);
        }
    }

    private static Arguments arguments3(JsonObject row) {
        return arguments(
                row.get("name").getAsString(),
                HexFormat.of().parseHex(row.get("bytes").getAsString()),
                row.get("accepted").getAsBoolean());
    }

    @Test
    void readsATensorThatLiesBeyondTwoGibibytes() throws IOException {
        long large = (1L << 31) + 2048;
        Path path = SafetensorsBytes.write(folder.resolve("sparse.safetensors"), file("{"
                + entry("large", "F16", "[" + (large >> 11) + ",1024]", 0, large) + ","
                + entry("small", "F32", "[2]", large, large + 8) + "}"));
        long dataStart = Files.size(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-2f);
            channel.write(values.flip(), dataStart + large);
            channel.write(ByteBuffer.wrap(new byte[] {0, 0x42}), dataStart + large - 2);
        }
        SafetensorsFile file = SafetensorsFile.open(path);
        assertArrayEquals(new float[] {1.5f, -2}, values(file, "small", 0, 2));
        assertEquals(3f, values(file, "large", (large >> 11) - 1, 1024)[1023]);
    }

    @Test
    void refusesToReadRowsThatAreNotThere() {
        SafetensorsFile file = open(file("{" + entry("a", "F32", "[2,1]", 0, 8) + "}", data(8)));
        assertThrows(IndexOutOfBoundsException.class, () -> values(file, "a", 1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> values(file, "a", -1, 1));
    }

    @Test
    void refusesToReadFromAFileThatHasChangedItsLength() throws IOException {
        SafetensorsFile file = open(file("{" + A + "}", data(8)));
        Files.write(file.path(), new byte[10]);
        String message = assertThrows(InvalidInputException.class, () -> values(file, "a", 0, 2)).getMessage();
        assertTrue(message.contains("the length of the file") && message.contains("but is 10"), message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesInOneSentenceWithoutAllocating(String name, byte[] bytes, List<String> words) throws IOException {
        Path path = Files.write(folder.resolve("wrong.safetensors"), bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        String message = assertThrows(InvalidInputException.class, () -> SafetensorsFile.open(path)).getMessage();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(message.contains(path.toString()) && message.endsWith(".") && !message.contains("\n"), message);
        words.forEach(word -> assertTrue(message.contains(word), () -> message + " lacks: " + word));
        assertTrue(allocated < 4 << 20, () -> "allocated " + allocated + " bytes");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                refused("empty file", new byte[0], "at least 8 bytes", "0 bytes long"),
                refused("length beyond the file", file(1L << 62, utf8("{}"), data(8)), "length of the header",
                        "from 2 to 10", "4611686018427387904"),
                refused("negative length", file(-1, utf8("{}"), data(8)), "18446744073709551615"),
                refused("not UTF-8", file(2, new byte[] {'{', (byte) 0xFF}, data(0)), "the header", "UTF-8"),
                refused("byte order mark", file("\ufeff{}"), "byte order mark"),
                refused("not JSON", file("{a}"), "the header", "JSON", "malformed at line 1 column"),
                refused("list", file("[]"), "the header", "an object", "array"),
                refused("two documents", file("{}{}"), "malformed at line 1 column 4"),
                refused("tensor twice", file("{" + A + "," + A + "}", data(8)), "\"a\"", "twice"),
                refused("metadata twice", file("{\"__metadata__\":{},\"__metadata__\":{}}"), "__metadata__", "twice"),
                refused("metadata of numbers", file("{\"__metadata__\":{\"step\":1}}"), "step", "a string", "number"),
                refused("extra field", file("{\"a\":{\"scale\":1}}"), "tensor a", "scale"),
                refused("field twice", file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"), "tensor a", "dtype",
                        "twice"),
                refused("no shape", file("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", data(8)), "the shape",
                        "tensor a", "missing"),
                refused("unsupported type", file("{" + entry("a", "F8_E4M3", "[8]", 0, 8) + "}", data(8)),
                        "the dtype of tensor a", "F32, F16, BF16", "F8_E4M3"),
                refused("negative dimension", file("{" + entry("a", "F32", "[-2]", 0, 8) + "}", data(8)),
                        "the shape of tensor a", "whole number", "-2"),
                refused("dimension as fraction", file("{" + entry("a", "F32", "[2.0]", 0, 8) + "}", data(8)), "2.0"),
                refused("dimension between 2^63 and 2^64", file("{" + entry("a", "F32", "[9999999999999999999]", 0, 8)
                        + "}", data(8)), "2^63 - 1", "9999999999999999999"),
                refused("nine dimensions", file("{" + entry("a", "F32", "[1,1,1,1,1,1,1,1,1]", 0, 4) + "}", data(4)),
                        "the shape of tensor a", "at most 8"),
                refused("shape that overflows", file("{" + entry("a", "F32", "[4294967298,4294967296]", 0, 8) + "}",
                        data(8)), "the size of tensor a", "4294967298"),
                refused("wrong number of bytes", file("{" + entry("a", "F32", "[4]", 0, 8) + "}", data(8)),
                        "tensor a", "16 bytes", "from 0 to 8"),
                refused("begin after end", file("{" + entry("a", "F32", "[2]", 8, 0) + "}", data(8)), "from 8 to 0"),
                refused("three offsets", file("{\"a\":{\"data_offsets\":[0,8,8]}}"), "data_offsets", "at most 2"),
                refused("one offset", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}"),
                        "data_offsets of tensor a", "two numbers"),
                refused("hole", file("{" + A + "," + entry("b", "F32", "[1]", 12, 16) + "}", data(16)),
                        "beginning of tensor b", "be 8", "is 12"),
                refused("overlap", file("{" + A + "," + entry("b", "F32", "[1]", 4, 8) + "}", data(8)),
                        "beginning of tensor b", "be 8", "is 4"),
                refused("cut short", file("{" + A + "}", data(7)), "end of tensor a", "at most 7", "is 8"),
                refused("bytes that no tensor owns", file("{" + A + "}", data(9)), "length of the data", "be 8", "9"),
                refused("control character in a name", file("{" + entry("a\\u001b[2J", "F32", "[2]", 0, 8) + "}",
                        data(8)), "name of tensor 0", "control characters", "a?[2J"),
                refused("empty name", file("{" + entry("", "F32", "[2]", 0, 8) + "}", data(8)), "name of tensor 0"),
                refused("long name", file("{" + entry("n".repeat(2000), "F32", "[2]", 0, 8) + "}", data(8)),
                        "name of tensor 0", "1024", "2000"),
                refused("deeply nested", file("{\"a\":" + "[".repeat(100_000) + "}"), "the entry of tensor a",
                        "an object"));
    }

    @Test
    void refusesMoreTensorsAndLongerHeadersThanAnyModelHas() throws IOException {
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i <= 200_000; i++) {
            many.append(i == 0 ? "" : ",").append(entry("t" + i, "F32", "[0]", 0, 0));
        }
        Path path = SafetensorsBytes.write(folder.resolve("many.safetensors"), file(many + "}"));
        refuses(path, "at most 200000");
        Path sparse = folder.resolve("long.safetensors");
        Files.write(sparse, file(26 << 20, new byte[0], new byte[0]));
        try (FileChannel channel = FileChannel.open(sparse, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), 27 << 20);
        }
        refuses(sparse, "all that is accepted");
    }

    private static void refuses(Path path, String words) {
        String message = assertThrows(InvalidInputException.class, () -> SafetensorsFile.open(path)).getMessage();
        assertTrue(message.contains(words), message);
    }

    private SafetensorsFile open(byte[] bytes) {
        return SafetensorsFile.open(SafetensorsBytes.write(folder.resolve("file.safetensors"), bytes));
    }

    private static float[] values(SafetensorsFile file, String name, long firstRow, int count) {
        float[] values = new float[count];
        file.tensors().get(name).read(firstRow, FloatBuffer.wrap(values));
        return values;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Arguments refused(String name, byte[] bytes, Object... words) {
        return arguments(name, bytes, Arrays.stream(words).map(String::valueOf).toList());
    }
}
