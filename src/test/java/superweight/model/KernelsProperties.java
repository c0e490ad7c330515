package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** All kernels give what the reference gives, whatever the shapes and wherever the numbers lie in memory. */
class KernelsProperties {
    private static final NDManager MANAGER = TorchEngine.newManager();
    private static final NdArrayKernels REFERENCE = new NdArrayKernels();
    private static final List<Kernels> ALL = all();

    /** Values are up to about 10 in size; float32 leaves them a few 1e-6. */
    private static final float TOLERANCE = 2e-5f;

    /** Sizes of an attention. */
    private record Heads(int kvHeads, int group, int headDim, int tokens) {}

    @AfterContainer
    static void close() {
        MANAGER.close();
    }

    /** Those that this build of libtorch has; what that must be, {@link KernelChoiceTest} knows. */
    private static List<Kernels> all() {
        List<Kernels> kernels = new ArrayList<>(List.of(REFERENCE));
        for (TorchScriptKernels.Linear variant : TorchScriptKernels.Linear.values()) {
            try {
                kernels.add(TorchScriptKernels.load(MANAGER, variant));
            } catch (EngineException e) {
                System.out.println("Not in this build: " + variant);
            }
        }
        return kernels;
    }

    @Property(tries = 60)
    void theProductIsThatOfRowsAndRows(
            @ForAll @IntRange(min = 1, max = 70) int tokens,
            @ForAll @IntRange(min = 1, max = 70) int in,
            @ForAll @IntRange(min = 1, max = 70) int out,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[] x = numbers(random, tokens * in);
        float[] weight = numbers(random, out * in);
        float[] expected = new float[tokens * out];
        for (int i = 0; i < expected.length; i++) {
            double sum = 0;
            for (int c = 0; c < in; c++) {
                sum += (double) x[i / out * in + c] * weight[i % out * in + c];
            }
            expected[i] = (float) sum;
        }
        for (Kernels kernels : ALL) {
            try (NDManager scope = MANAGER.newSubManager()) {
                NDArray packed = kernels.pack(scope.create(weight, new Shape(out, in)));
                for (NDArray each : layouts(scope.create(x, new Shape(tokens, in)))) {
                    NDArray product = kernels.linear(each, packed);
                    assertEquals(new Shape(tokens, out), product.getShape());
                    assertArrayEquals(expected, product.toFloatArray(), TOLERANCE, kernels.name());
                }
            }
        }
    }

    @Property(tries = 40)
    void aPackedWeightKeepsItsShapeAndEveryBit(
            @ForAll @IntRange(min = 1, max = 200) int in, @ForAll @IntRange(min = 1, max = 200) int out, @ForAll long seed) {
        float[] weight = numbers(new Random(seed), out * in);
        weight[0] = -0f;
        weight[weight.length - 1] = Float.MIN_VALUE;
        for (Kernels kernels : ALL) {
            try (NDManager scope = MANAGER.newSubManager()) {
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

    @Property(tries = 40)
    void normAndActivationAreThoseOfTheReference(
            @ForAll @IntRange(min = 1, max = 40) int tokens, @ForAll @IntRange(min = 1, max = 80) int width, @ForAll long seed) {
        Random random = new Random(seed);
        Shape shape = new Shape(tokens, width);
        float[] x = numbers(random, tokens * width);
        float[] y = numbers(random, tokens * width);
        float[] weight = numbers(random, width);
        assertAsTheReference(
                x, shape, (kernels, each) -> kernels.rmsNorm(each, each.getManager().create(weight), 0.1));
        assertAsTheReference(
                x, shape, (kernels, each) -> kernels.swiGlu(each, each.getManager().create(y, shape)));
        assertAsTheReference(
                x, shape, (kernels, each) -> kernels.swiGlu(each.getManager().create(y, shape), each));
    }

    @Property(tries = 60)
    void attentionIsThatOfTheReference(@ForAll("heads") Heads sizes, @ForAll long seed) {
        assertAttentionIsThatOfTheReference(sizes, seed);
    }

    /** The reference takes 256 queries at a time. */
    @Example
    void attentionIsThatOfTheReferencePastOneBlockOfQueries() {
        for (int tokens : new int[] {255, 256, 257, 600}) {
            assertAttentionIsThatOfTheReference(new Heads(3, 3, 64, tokens), tokens);
        }
    }

    /** A result that could not be written to would fail where a super activation is restored. */
    @Example
    void resultsBelongToTheFirstArgumentsManagerAndCanBeWrittenTo() {
        for (Kernels kernels : ALL) {
            try (NDManager scope = MANAGER.newSubManager(); NDManager model = MANAGER.newSubManager()) {
                NDArray weight = model.ones(new Shape(4, 4));
                NDArray packed = kernels.pack(weight);
                NDArray x = scope.ones(new Shape(4, 4));
                NDArray q = scope.ones(new Shape(2, 3, 4));
                NDArray k = scope.ones(new Shape(2, 3, 4));
                for (NDArray result : List.of(
                        kernels.linear(x, packed),
                        kernels.rmsNorm(x, weight.get(0), 1e-5),
                        kernels.swiGlu(x, weight),
                        kernels.attention(q, k, k))) {
                    assertSame(scope, result.getManager());
                    float[] before = result.toFloatArray();
                    float[] after = result.addi(1).toFloatArray();
                    for (int i = 0; i < before.length; i++) {
                        assertEquals(before[i] + 1, after[i], kernels.name());
                    }
                }
                int mine = 3; // weight, its row, packed
                assertEquals(mine, model.getManagedArrays().size(), kernels.name());
                assertSame(model, kernels.unpack(packed).getManager());
            }
        }
    }

    @Provide
    Arbitrary<Heads> heads() {
        return Combinators.combine(
                        Arbitraries.of(1, 2, 3),
                        Arbitraries.of(1, 2, 3),
                        Arbitraries.of(2, 4, 10, 64),
                        Arbitraries.integers().between(1, 60))
                .as(Heads::new);
    }

    private static void assertAttentionIsThatOfTheReference(Heads sizes, long seed) {
        Random random = new Random(seed);
        Shape queries = new Shape((long) sizes.kvHeads * sizes.group, sizes.tokens, sizes.headDim);
        Shape keys = new Shape(sizes.kvHeads, sizes.tokens, sizes.headDim);
        float[] k = numbers(random, Math.toIntExact(keys.size()));
        float[] v = numbers(random, Math.toIntExact(keys.size()));
        assertAsTheReference(
                numbers(random, Math.toIntExact(queries.size())),
                queries,
                (kernels, q) -> kernels.attention(
                        q, q.getManager().create(k, keys), q.getManager().create(v, keys)));
        // As the forward pass has them: [T, heads, headDim] with its first axes swapped.
        Shape swapped = new Shape(sizes.tokens, sizes.kvHeads, sizes.headDim);
        assertAsTheReference(
                numbers(random, Math.toIntExact(queries.size())),
                queries,
                (kernels, q) -> kernels.attention(
                        q,
                        q.getManager().create(k, swapped).transpose(1, 0, 2),
                        q.getManager().create(v, swapped).transpose(1, 0, 2)));
    }

    private static void assertAsTheReference(float[] x, Shape shape, BiFunction<Kernels, NDArray, NDArray> operation) {
        try (NDManager scope = MANAGER.newSubManager()) {
            NDArray contiguous = scope.create(x, shape);
            NDArray expected = operation.apply(REFERENCE, contiguous);
            for (Kernels kernels : ALL) {
                for (NDArray each : layouts(contiguous)) {
                    NDArray actual = operation.apply(kernels, each);
                    assertEquals(expected.getShape(), actual.getShape());
                    assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), TOLERANCE, kernels.name());
                    assertArrayEquals(x, each.toFloatArray(), "the argument is as it was");
                }
            }
        }
    }

    /** The same values, once contiguous and once with the first two axes the other way round in memory. */
    private static List<NDArray> layouts(NDArray x) {
        int[] swap = x.getShape().dimension() == 2 ? new int[] {1, 0} : new int[] {1, 0, 2};
        NDArray swapped = x.transpose(swap);
        return List.of(x, swapped.add(0).transpose(swap)); // addition makes another array
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
