package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static superweight.model.KernelVariants.numbers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** The product of activations and weight is right, whether the weight was packed or is as a checkpoint stores it. */
class LinearKernelProperties {
    private static final KernelVariants KERNELS = new KernelVariants();

    @AfterContainer
    static void close() {
        KERNELS.close();
    }

    @Property(tries = 60)
    void theProductIsThatOfRowsAndRows(
            @ForAll @IntRange(min = 1, max = 70) int tokens,
            @ForAll @IntRange(min = 1, max = 70) int in,
            @ForAll @IntRange(min = 1, max = 70) int out,
            @ForAll long seed) {
        assertTheProductIsThatOfRowsAndRows(tokens, in, out, seed);
    }

    /** A stored weight is multiplied by 512 rows at a time. */
    @Example
    void theProductIsThatOfRowsAndRowsPastOnePieceOfTheWeight() {
        for (int out : new int[] {511, 512, 513, 1024, 1500}) {
            assertTheProductIsThatOfRowsAndRows(3, 40, out, out);
            assertTheProductIsThatOfRowsAndRows(1, 33, out, -out);
        }
    }

    @Property(tries = 40)
    void aPackedWeightKeepsItsShapeAndEveryBit(
            @ForAll @IntRange(min = 1, max = 200) int in,
            @ForAll @IntRange(min = 1, max = 200) int out,
            @ForAll long seed) {
        float[] weight = numbers(new Random(seed), out * in);
        weight[0] = -0f;
        weight[weight.length - 1] = Float.MIN_VALUE;
        for (Kernels each : KERNELS.all()) {
            for (Kernels kernels : List.of(each, each.forStoredWeights())) {
                try (NDManager scope = KERNELS.newScope()) {
                    NDArray plain = scope.create(weight, new Shape(out, in));
                    NDArray packed = kernels.pack(plain);
                    NDArray unpacked = kernels.unpack(packed);
                    assertEquals(plain.getShape(), packed.getShape());
                    assertEquals(plain.getShape(), unpacked.getShape());
                    plain.muli(2); // neither of the others shares its memory
                    assertArrayEquals(weight, unpacked.toFloatArray(), kernels.name());
                    unpacked.muli(2);
                    assertArrayEquals(weight, kernels.unpack(packed).toFloatArray(), kernels.name());
                }
            }
        }
    }

    @Property(tries = 40)
    void aStoredFloat16WeightIsPackedAndUnpackedAsFloat32(
            @ForAll @IntRange(min = 1, max = 200) int in,
            @ForAll @IntRange(min = 1, max = 200) int out,
            @ForAll long seed) {
        for (Kernels each : KERNELS.all()) {
            Kernels kernels = each.forStoredWeights();
            try (NDManager scope = KERNELS.newScope()) {
                NDArray stored = scope.create(numbers(new Random(seed), out * in), new Shape(out, in))
                        .toType(DataType.FLOAT16, false);
                float[] expected = stored.toType(DataType.FLOAT32, true).toFloatArray();
                for (NDArray copy : List.of(kernels.pack(stored), kernels.unpack(stored))) {
                    assertEquals(DataType.FLOAT32, copy.getDataType());
                    assertEquals(stored.getShape(), copy.getShape());
                    assertArrayEquals(expected, copy.toFloatArray(), kernels.name());
                }
            }
        }
    }

    private static void assertTheProductIsThatOfRowsAndRows(int tokens, int in, int out, long seed) {
        Random random = new Random(seed);
        float[] x = numbers(random, tokens * in);
        Shape shape = new Shape(out, in);
        Shape product = new Shape(tokens, out);
        try (NDManager scope = KERNELS.newScope()) {
            NDArray stored = scope.create(numbers(random, out * in), shape).toType(DataType.FLOAT16, false);
            NDArray plain = stored.toType(DataType.FLOAT32, true); // numbers that float16 holds, for all to multiply by
            float[] expected = product(x, plain.toFloatArray(), tokens, in, out);
            KERNELS.assertGives(expected, product, x, new Shape(tokens, in), (kernels, each) ->
                    kernels.linear(each, kernels.pack(plain)));
            KERNELS.assertGives(expected, product, x, new Shape(tokens, in), (kernels, each) ->
                    kernels.forStoredWeights().linear(each, stored));
            KERNELS.assertGives(expected, product, x, new Shape(tokens, in), (kernels, each) ->
                    kernels.forStoredWeights().linear(each, plain));
            KERNELS.assertGives(expected, product, x, new Shape(tokens, in), (kernels, each) ->
                    kernels.forStoredWeights().linear(each, kernels.forStoredWeights().pack(plain)));
        }
    }

    /** {@code [tokens, out]}. */
    private static float[] product(float[] x, float[] weight, int tokens, int in, int out) {
        float[] product = new float[tokens * out];
        for (int i = 0; i < product.length; i++) {
            double sum = 0;
            for (int c = 0; c < in; c++) {
                sum += (double) x[i / out * in + c] * weight[i % out * in + c];
            }
            product[i] = (float) sum;
        }
        return product;
    }
}
