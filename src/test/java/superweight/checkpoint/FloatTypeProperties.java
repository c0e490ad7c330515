package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FloatTypeProperties {
    /** Sixteen bits are few enough to try them all, NaNs included. */
    @Property
    void everyPatternOfSixteenBitsComesBackAsItWas(@ForAll("halves") FloatType type) {
        byte[] patterns = new byte[2 << 16];
        for (int bits = 0; bits < 1 << 16; bits++) {
            patterns[2 * bits] = (byte) bits;
            patterns[2 * bits + 1] = (byte) (bits >> 8);
        }
        assertArrayEquals(patterns, encoded(type, decoded(type, patterns)));
    }

    @Property(tries = 3000)
    void noOtherNumberOfTheTypeIsNearerAndTheEvenOneOfTwoIsTaken(
            @ForAll("halves") FloatType type, @ForAll("numbers") float value) {
        int bits = pattern(type, value);
        double error = error(type, bits, value);
        for (int other : new int[] {bits - 1, bits + 1}) {
            double theirs = error(type, other & 0xFFFF, value); // a NaN's is none
            assertFalse(theirs < error || theirs == error && bits % 2 != 0, () -> value + " as " + type);
        }
    }

    @Example
    void anOptionsHelpListsEveryType() {
        assertEquals(FloatType.NAMES, Stream.of(FloatType.values()).map(FloatType::toString)
                .collect(Collectors.joining("|")));
    }

    @Property
    void float32KeepsEveryBit(@ForAll int bits) {
        byte[] bytes = {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)};
        assertArrayEquals(bytes, encoded(FloatType.FLOAT32, decoded(FloatType.FLOAT32, bytes)));
    }

    @Example
    void halfwayBeyondTheLargestIsInfinite() {
        assertEquals(0x7BFF, pattern(FloatType.FLOAT16, Math.nextDown(65520f)));
        assertEquals(0x7C00, pattern(FloatType.FLOAT16, 65520f));
        assertEquals(0xFC00, pattern(FloatType.FLOAT16, -1e30f));
        assertEquals(0x7F80, pattern(FloatType.BFLOAT16, Float.MAX_VALUE));
        assertEquals(0x7F7F, pattern(FloatType.BFLOAT16, 0x1.fep127f));
    }

    @Example
    void aNanWhosePayloadIsLostStaysOne() {
        float least = Float.intBitsToFloat(0x7F80_0001);
        assertTrue(Float.isNaN(decoded(FloatType.FLOAT16, encoded(FloatType.FLOAT16, least))[0]));
        assertTrue(Float.isNaN(decoded(FloatType.BFLOAT16, encoded(FloatType.BFLOAT16, least))[0]));
    }

    @Example
    void quantizedBlocksAreNoFloatingPointType() {
        assertEquals(Optional.of(FloatType.BFLOAT16), FloatType.of(TensorType.BF16));
        assertEquals(Optional.empty(), FloatType.of(TensorType.Q8_0));
        assertEquals("bfloat16", FloatType.BFLOAT16.toString());
    }

    @Provide
    Arbitrary<FloatType> halves() {
        return Arbitraries.of(FloatType.FLOAT16, FloatType.BFLOAT16);
    }

    /** Of all sizes, many of them next to a number of 16 bits or halfway between two. */
    @Provide
    Arbitrary<Float> numbers() {
        Arbitrary<Float> any = Arbitraries.integers().map(Float::intBitsToFloat);
        Arbitrary<Float> tiny = Arbitraries.floats().between(-1, 1).map(value -> value * 1e-4f);
        Arbitrary<Float> halfway = Arbitraries.integers().map(bits -> Float.intBitsToFloat(bits & 0xFFFF_F000));
        return Arbitraries.oneOf(any, tiny, halfway, Arbitraries.floats().between(-70000, 70000))
                .filter(Float::isFinite);
    }

    /** Infinity stands for the number that would follow the largest, and all beyond that. */
    private static double error(FloatType type, int bits, float value) {
        float there = decoded(type, new byte[] {(byte) bits, (byte) (bits >> 8)})[0];
        double next = type == FloatType.FLOAT16 ? 0x1p16 : 0x1p128;
        return Float.isInfinite(there) ? Math.max(0, next - Math.abs(value)) : Math.abs((double) there - value);
    }

    private static int pattern(FloatType type, float value) {
        byte[] bytes = encoded(type, value);
        return bytes[0] & 0xFF | (bytes[1] & 0xFF) << 8;
    }

    private static byte[] encoded(FloatType type, float... values) {
        byte[] bytes = new byte[values.length * type.bytes()];
        type.encode(values, values.length, bytes);
        return bytes;
    }

    private static float[] decoded(FloatType type, byte[] bytes) {
        float[] values = new float[bytes.length / type.bytes()];
        type.stored().decode(bytes, values.length, values);
        return values;
    }
}
