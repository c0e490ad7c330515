package superweight.model;

import static superweight.model.KernelVariants.numbers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Attention and the rotation before it are those of plain Java, whatever the shapes and whoever may look at whom. */
class AttentionKernelProperties {
    private static final KernelVariants KERNELS = new KernelVariants();

    /** Sizes of an attention. */
    private record Heads(int kvHeads, int group, int headDim, int tokens) {
        int queryHeads() {
            return kvHeads * group;
        }

        Shape queries() {
            return new Shape(queryHeads(), tokens, headDim);
        }

        Shape keys() {
            return new Shape(kvHeads, tokens, headDim);
        }
    }

    /** Whether the token of a query may look at that of a key. */
    private interface Sight {
        boolean sees(int query, int key);
    }

    @AfterContainer
    static void close() {
        KERNELS.close();
    }

    @Property(tries = 60)
    void attentionLooksBack(@ForAll("heads") Heads sizes, @ForAll long seed) {
        assertAttentionLooksBack(sizes, seed);
    }

    /** The reference takes 256 queries at a time. */
    @Example
    void attentionLooksBackPastOneBlockOfQueries() {
        for (int tokens : new int[] {255, 256, 257, 600}) {
            assertAttentionLooksBack(new Heads(2, 2, 16, tokens), tokens);
        }
    }

    /** Tokens hang on any earlier token and see their ancestors, as the choices of an item hang on its context. */
    @Property(tries = 60)
    void attentionLooksWhereTheMaskLets(@ForAll("heads") Heads sizes, @ForAll long seed) {
        assertAttentionLooksWhereTheMaskLets(sizes, seed);
    }

    @Example
    void attentionLooksWhereTheMaskLetsPastOneBlockOfQueries() {
        for (int tokens : new int[] {255, 256, 257, 600}) {
            assertAttentionLooksWhereTheMaskLets(new Heads(2, 2, 16, tokens), tokens);
        }
    }

    /** A mask may also let a token look ahead. */
    @Property(tries = 20)
    void attentionLooksAheadWhereTheMaskLets(@ForAll("heads") Heads sizes, @ForAll long seed) {
        boolean[] seen = new boolean[sizes.tokens * sizes.tokens];
        Random random = new Random(seed);
        for (int i = 0; i < seen.length; i++) {
            seen[i] = random.nextInt(3) == 0;
        }
        assertMaskedAttention(sizes, random, (query, key) -> query == key || seen[query * sizes.tokens + key]);
    }

    @Property(tries = 60)
    void channelsTurnInPairs(
            @ForAll @IntRange(min = 1, max = 9) int heads,
            @ForAll @IntRange(min = 1, max = 40) int tokens,
            @ForAll @IntRange(min = 1, max = 40) int half,
            @ForAll long seed) {
        Random random = new Random(seed);
        int headDim = 2 * half;
        float[] x = numbers(random, heads * tokens * headDim);
        float[] cos = numbers(random, tokens * half); // whatever they are
        float[] sin = numbers(random, tokens * half);
        float[] expected = new float[x.length];
        for (int row = 0; row < heads * tokens; row++) {
            for (int i = 0; i < half; i++) {
                double first = x[row * headDim + i];
                double second = x[row * headDim + half + i];
                int angle = row % tokens * half + i;
                expected[row * headDim + i] = (float) (first * cos[angle] - second * sin[angle]);
                expected[row * headDim + half + i] = (float) (second * cos[angle] + first * sin[angle]);
            }
        }
        Shape shape = new Shape(heads, tokens, headDim);
        Shape table = new Shape(tokens, half);
        KERNELS.assertGives(expected, shape, x, shape, (kernels, each) -> kernels.rotate(
                each, each.getManager().create(cos, table), each.getManager().create(sin, table)));
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

    private static void assertAttentionLooksBack(Heads sizes, long seed) {
        Random random = new Random(seed);
        float[] q = numbers(random, Math.toIntExact(sizes.queries().size()));
        float[] k = numbers(random, Math.toIntExact(sizes.keys().size()));
        float[] v = numbers(random, Math.toIntExact(sizes.keys().size()));
        float[] expected = attention(sizes, q, k, v, (query, key) -> key <= query);
        KERNELS.assertGives(expected, sizes.queries(), q, sizes.queries(), (kernels, each) -> kernels.attention(
                each, each.getManager().create(k, sizes.keys()), asInAForwardPass(each, v, sizes)));
        KERNELS.assertGives(expected, sizes.queries(), q, sizes.queries(), (kernels, each) -> kernels.attention(
                each, asInAForwardPass(each, k, sizes), each.getManager().create(v, sizes.keys())));
    }

    private static void assertAttentionLooksWhereTheMaskLets(Heads sizes, long seed) {
        Random random = new Random(seed);
        boolean[][] ancestor = new boolean[sizes.tokens][];
        for (int token = 0; token < sizes.tokens; token++) {
            int parent = random.nextInt(token + 1); // itself: the token is a root
            ancestor[token] = parent == token ? new boolean[sizes.tokens] : ancestor[parent].clone();
            ancestor[token][token] = true;
        }
        assertMaskedAttention(sizes, random, (query, key) -> ancestor[query][key]);
    }

    private static void assertMaskedAttention(Heads sizes, Random random, Sight sight) {
        float[] q = numbers(random, Math.toIntExact(sizes.queries().size()));
        float[] k = numbers(random, Math.toIntExact(sizes.keys().size()));
        float[] v = numbers(random, Math.toIntExact(sizes.keys().size()));
        float[] mask = new float[sizes.tokens * sizes.tokens];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = sight.sees(i / sizes.tokens, i % sizes.tokens) ? 0 : Float.NEGATIVE_INFINITY;
        }
        Shape square = new Shape(sizes.tokens, sizes.tokens);
        KERNELS.assertGives(
                attention(sizes, q, k, v, sight), sizes.queries(), q, sizes.queries(), (kernels, each) ->
                        kernels.attention(
                                each,
                                each.getManager().create(k, sizes.keys()),
                                asInAForwardPass(each, v, sizes),
                                each.getManager().create(mask, square)));
    }

    /** {@code [kvHeads, T, headDim]} with its first axes the other way round in memory. */
    private static NDArray asInAForwardPass(NDArray x, float[] values, Heads sizes) {
        NDArray swapped = x.getManager().create(values, sizes.keys()).transpose(1, 0, 2);
        return swapped.add(0).transpose(1, 0, 2); // addition makes another array
    }

    /** By the definition, in double precision: {@code [heads, T, headDim]}. */
    private static float[] attention(Heads sizes, float[] q, float[] k, float[] v, Sight sight) {
        float[] out = new float[q.length];
        int headDim = sizes.headDim;
        double[] share = new double[sizes.tokens];
        for (int head = 0; head < sizes.queryHeads(); head++) {
            int firstKey = head / sizes.group * sizes.tokens;
            for (int query = 0; query < sizes.tokens; query++) {
                int at = (head * sizes.tokens + query) * headDim;
                double total = 0;
                for (int key = 0; key < sizes.tokens; key++) {
                    double score = 0;
                    for (int c = 0; c < headDim; c++) {
                        score += (double) q[at + c] * k[(firstKey + key) * headDim + c];
                    }
                    share[key] = sight.sees(query, key) ? Math.exp(score / Math.sqrt(headDim)) : 0;
                    total += share[key];
                }
                for (int c = 0; c < headDim; c++) {
                    double sum = 0;
                    for (int key = 0; key < sizes.tokens; key++) {
                        sum += share[key] / total * v[(firstKey + key) * headDim + c];
                    }
                    out[at + c] = (float) sum;
                }
            }
        }
        return out;
    }
}
