package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTypeTest {
    private static final int PATTERNS = 1 << 16;

    /** The golden file is made by {@code src/test/golden/make_gguf_blocks.py}. */
    @ParameterizedTest
    @EnumSource
    void decodesBitForBitAsTheGgufPackageDoes(TensorType type) throws IOException {
        JsonObject golden = golden().getAsJsonObject(type.name());
        byte[] bytes = HexFormat.of().parseHex(golden.get("bytes").getAsString());
        String[] expected = golden.get("floatBits").getAsString().split(" ");
        int blocks = bytes.length / type.bytesPerBlock();
        float[] values = new float[blocks * type.elementsPerBlock()];
        type.decode(bytes, blocks, values);
        assertEquals(expected.length, values.length);
        for (int i = 0; i < values.length; i++) {
            String found = Float.isNaN(values[i]) ? "nan" : "%08x".formatted(Float.floatToRawIntBits(values[i]));
            assertEquals(expected[i], found, type + " element " + i);
        }
    }

    @Test
    void decodesEveryFloat16PatternExactly() {
        decodesEveryPatternExactly(TensorType.F16, 10);
    }

    @Test
    void decodesEveryBfloat16PatternExactly() {
        decodesEveryPatternExactly(TensorType.BF16, 7);
    }

    @Test
    void namesTypesThatItDoesNotDecode() {
        assertEquals("Q4_K", TensorType.ggmlName(12));
        assertEquals("IQ4_XS", TensorType.ggmlName(23));
        assertEquals("MXFP4", TensorType.ggmlName(39));
        assertEquals("the unknown type number 42", TensorType.ggmlName(42));
        assertTrue(TensorType.withId(12).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void knowsEachTypeByGgmlsNumberAndName(TensorType type) {
        assertEquals(type, TensorType.withId(type.id()).orElseThrow());
        assertEquals(type.name(), TensorType.ggmlName(type.id()));
    }

    private static void decodesEveryPatternExactly(TensorType type, int fractionBits) {
        byte[] bytes = new byte[2 * PATTERNS];
        for (int bits = 0; bits < PATTERNS; bits++) {
            bytes[2 * bits] = (byte) bits;
            bytes[2 * bits + 1] = (byte) (bits >> 8);
        }
        float[] values = new float[PATTERNS];
        type.decode(bytes, PATTERNS, values);
        for (int bits = 0; bits < PATTERNS; bits++) {
            int expected = Float.floatToRawIntBits((float) valueByDefinition(bits, fractionBits));
            if (Float.isNaN(Float.intBitsToFloat(expected))) {
                assertTrue(Float.isNaN(values[bits]), "pattern " + bits);
            } else {
                assertEquals(expected, Float.floatToRawIntBits(values[bits]), "pattern " + bits);
            }
        }
    }

    /** IEEE 754's definition of a 16-bit number, in double precision, which holds each exactly. */
    private static double valueByDefinition(int bits, int fractionBits) {
        int exponentBits = 15 - fractionBits;
        int bias = (1 << exponentBits - 1) - 1;
        int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
        double fraction = Math.scalb((double) (bits & (1 << fractionBits) - 1), -fractionBits);
        double sign = bits >= 1 << 15 ? -1 : 1;
        if (exponent == (1 << exponentBits) - 1) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0
                ? sign * Math.scalb(fraction, 1 - bias)
                : sign * Math.scalb(1 + fraction, exponent - bias);
    }

    private static JsonObject golden() throws IOException {
        try (var in = TensorTypeTest.class.getResourceAsStream("/golden/gguf-blocks.json");
                var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }
}
