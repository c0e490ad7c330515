package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static superweight.model.KernelVariants.numbers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** All kernels give what the reference gives, whatever the shapes and wherever the numbers lie in memory. */
class KernelsProperties {
    private static final KernelVariants KERNELS = new KernelVariants();

    @AfterContainer
    static void close() {
        KERNELS.close();
    }

    @Property(tries = 40)
    void normAndActivationAreThoseOfTheReference(
            @ForAll @IntRange(min = 1, max = 40) int tokens,
            @ForAll @IntRange(min = 1, max = 80) int width,
            @ForAll long seed) {
        Random random = new Random(seed);
        Shape shape = new Shape(tokens, width);
        float[] x = numbers(random, tokens * width);
        float[] y = numbers(random, tokens * width);
        float[] weight = numbers(random, width);
        KERNELS.assertAsTheReference(
                x, shape, (kernels, each) -> kernels.rmsNorm(each, each.getManager().create(weight), 0.1));
        KERNELS.assertAsTheReference(
                x, shape, (kernels, each) -> kernels.swiGlu(each, each.getManager().create(y, shape)));
        KERNELS.assertAsTheReference(
                x, shape, (kernels, each) -> kernels.swiGlu(each.getManager().create(y, shape), each));
    }

    /** As where each head of queries and keys is normed by itself. */
    @Property(tries = 40)
    void theNormOfHeadsIsThatOfTheReference(
            @ForAll @IntRange(min = 1, max = 40) int tokens,
            @ForAll @IntRange(min = 1, max = 5) int heads,
            @ForAll @IntRange(min = 1, max = 20) int headDim,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[] weight = numbers(random, headDim);
        KERNELS.assertAsTheReference(numbers(random, tokens * heads * headDim), new Shape(tokens, heads, headDim),
                (kernels, each) -> kernels.rmsNorm(each, each.getManager().create(weight), 0.1));
    }

    /** A result that could not be written to would fail where a super activation is restored. */
    @Example
    void resultsBelongToTheFirstArgumentsManagerAndCanBeWrittenTo() {
        for (Kernels kernels : KERNELS.all()) {
            try (NDManager scope = KERNELS.newScope(); NDManager model = KERNELS.newScope()) {
                NDArray weight = model.ones(new Shape(4, 4));
                NDArray packed = kernels.pack(weight);
                NDArray copied = kernels.forStoredWeights().pack(weight);
                NDArray x = scope.ones(new Shape(4, 4));
                NDArray q = scope.ones(new Shape(2, 3, 4));
                NDArray k = scope.ones(new Shape(2, 3, 4));
                NDArray table = model.ones(new Shape(3, 2));
                NDArray mask = model.zeros(new Shape(3, 3));
                for (NDArray result : List.of(
                        kernels.linear(x, packed),
                        kernels.forStoredWeights().linear(x, weight),
                        kernels.rmsNorm(x, weight.get(0), 1e-5),
                        kernels.swiGlu(x, weight),
                        kernels.rotate(q, table, table),
                        kernels.attention(q, k, k),
                        kernels.attention(q, k, k, mask))) {
                    assertSame(scope, result.getManager());
                    float[] before = result.toFloatArray();
                    float[] after = result.addi(1).toFloatArray();
                    for (int i = 0; i < before.length; i++) {
                        assertEquals(before[i] + 1, after[i], kernels.name());
                    }
                }
                int mine = 6; // weight, its row, packed, copied, table, mask
                assertEquals(mine, model.getManagedArrays().size(), kernels.name());
                assertSame(model, kernels.unpack(packed).getManager());
                assertSame(model, kernels.forStoredWeights().unpack(copied).getManager());
            }
        }
    }
}
