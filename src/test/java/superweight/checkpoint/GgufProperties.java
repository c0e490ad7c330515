package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import superweight.InvalidInputException;

class GgufProperties {
    private static final byte[] VALID = TinyLlama.gguf().toBytes();
    /** The first bytes hold all that is checked: metadata and tensor table. */
    private static final int HEAD = 2048;

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("superweight-gguf");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("tiny.gguf"));
        Files.delete(folder);
    }

    @Property(tries = 3000)
    void aFlippedByteInTheHeadEitherOpensOrIsRefused(
            @ForAll @IntRange(max = HEAD - 1) int position, @ForAll @IntRange(min = 1, max = 255) int flip)
            throws IOException {
        opensOrIsRefused(flipped(position, flip));
    }

    @Property(tries = 300)
    void aFlippedByteAnywhereEitherOpensOrIsRefused(
            @ForAll @IntRange(max = 1 << 16) int position, @ForAll @IntRange(min = 1, max = 255) int flip)
            throws IOException {
        opensOrIsRefused(flipped(position % VALID.length, flip));
    }

    @Property(tries = 1000)
    void aTruncatedFileIsRefused(@ForAll @IntRange(max = 1 << 16) int length) throws IOException {
        // The last tensor's length is a multiple of the alignment, so that no byte at the end is padding.
        assertTrue(!opensOrIsRefused(Arrays.copyOf(VALID, length % VALID.length)), "opened when truncated");
    }

    @Property(tries = 300)
    void everyTypeDecodesToWhatItsDefinitionGives(
            @ForAll TensorType type, @ForAll @IntRange(min = 1, max = 2000) int rows,
            @ForAll @IntRange(min = 1, max = 3) int columnBlocks, @ForAll long seed)
            throws IOException {
        int columns = 32 * columnBlocks;
        byte[] bytes = TinyLlama.blocks(new Random(seed), type, rows, columns);
        GgufFile file = GgufFile.open(new GgufBytes()
                .floats("before", new float[] {1}, 1)
                .tensor("t", type.id(), bytes, columns, rows)
                .writeTo(folder.resolve("tiny.gguf")));
        FloatBuffer values = FloatBuffer.allocate(rows * columns);
        file.tensors().get("t").read(0, values);
        assertEquals(Shape.of(rows, columns), file.tensors().get("t").shape());
        for (int i = 0; i < values.capacity(); i++) {
            float expected = element(type, bytes, i);
            assertTrue(Float.compare(expected, values.get(i)) == 0, "element " + i + " of " + type);
        }
        FloatBuffer part = FloatBuffer.allocate((rows + 1) / 2 * columns);
        file.tensors().get("t").read(rows / 2, part);
        values.clear().position(rows / 2 * columns);
        assertEquals(-1, values.mismatch(part.clear()), "the second half of the rows, read alone");
    }

    private static byte[] flipped(int position, int flip) {
        byte[] bytes = VALID.clone();
        bytes[position] ^= (byte) flip;
        return bytes;
    }

    /** Opens a model and reads every number; anything but a refusal escapes and fails the property. */
    private static boolean opensOrIsRefused(byte[] bytes) throws IOException {
        Path path = Files.write(folder.resolve("tiny.gguf"), bytes);
        try {
            Checkpoint checkpoint = Checkpoints.open(path);
            checkpoint.tensors().keySet().forEach(checkpoint::read);
            return true;
        } catch (InvalidInputException refused) {
            return false;
        }
    }

    /** Element {@code i} by the formats' definitions, one at a time and in double precision. */
    private static float element(TensorType type, byte[] bytes, int i) {
        int block = i / 32;
        int within = i % 32;
        return (float) switch (type) {
            case F32 -> Float.intBitsToFloat((int) (little(bytes, 4 * i, 2) | little(bytes, 4 * i + 2, 2) << 16));
            case F16 -> half(bytes, 2 * i);
            case BF16 -> Float.intBitsToFloat((int) little(bytes, 2 * i, 2) << 16);
            case Q4_0 -> half(bytes, 18 * block) * (nibble(bytes, 18 * block + 2, within) - 8);
            case Q4_1 -> half(bytes, 20 * block) * nibble(bytes, 20 * block + 4, within) + half(bytes, 20 * block + 2);
            case Q8_0 -> half(bytes, 34 * block) * bytes[34 * block + 2 + within];
        };
    }

    private static int nibble(byte[] bytes, int from, int within) {
        int pair = bytes[from + within % 16] & 0xFF;
        return within < 16 ? pair % 16 : pair / 16;
    }

    private static double half(byte[] bytes, int at) {
        long bits = little(bytes, at, 2);
        double sign = bits >= 0x8000 ? -1 : 1;
        long exponent = bits / 1024 % 32;
        double fraction = bits % 1024 / 1024.0;
        if (exponent == 31) {
            return fraction == 0 ? sign / 0.0 : Double.NaN;
        }
        return exponent == 0 ? sign * Math.scalb(fraction, -14) : sign * Math.scalb(1 + fraction, (int) exponent - 15);
    }

    private static long little(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }
}
