package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import java.util.Optional;

/** The reference kernels, in plain NDArray operations. */
final class NdArrayKernels implements Kernels {
    /** Queries attended at once: bounds the score matrix and skips the keys after the block. */
    private static final long QUERY_BLOCK = 256;

    @Override
    public String name() {
        return "NDArray operations";
    }

    @Override
    public NDArray pack(NDArray weight) {
        return copied(weight);
    }

    @Override
    public NDArray unpack(NDArray packed) {
        return copied(packed);
    }

    @Override
    public NDArray unpackRow(NDArray packed, int row) {
        try (NDArray stored = packed.get(row)) {
            return copied(stored);
        }
    }

    @Override
    public NDArray linear(NDArray x, NDArray packed) {
        if (packed.getDataType() == DataType.FLOAT32) {
            return Linear.linear(x, packed).singletonOrThrow();
        }
        try (NDArray weight = copied(packed)) {
            return Linear.linear(x, weight).singletonOrThrow();
        }
    }

    @Override
    public NDArray rmsNorm(NDArray x, NDArray weight, double eps) {
        NDArray rms = x.square().mean(new int[] {-1}, true).addi(eps).sqrt(); // [T, 1]
        return x.div(rms).muli(weight); // [T, D]
    }

    @Override
    public NDArray swiGlu(NDArray gate, NDArray up) {
        return Activation.sigmoid(gate).muli(gate).muli(up); // [T, intermediate]
    }

    @Override
    public NDArray rotate(NDArray x, NDArray cos, NDArray sin) {
        long half = x.getShape().get(2) / 2;
        NDArray first = x.get(new NDIndex("..., :{}", half));
        NDArray second = x.get(new NDIndex("..., {}:", half));
        return NDArrays.concat(
                new NDList(
                        first.mul(cos).subi(second.mul(sin)),
                        second.mul(cos).addi(first.mul(sin))),
                -1); // [heads, T, headDim]
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v) {
        return byBlocks(q.getShape().get(1), (from, to) -> {
            NDArray mask = causalMask(q.getManager(), to - from);
            return attend(tokens(q, from, to), tokens(k, 0, to), tokens(v, 0, to), mask);
        });
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, NDArray mask) {
        return byBlocks(q.getShape().get(1), (from, to) -> {
            try (NDArray part = mask.get(new NDIndex("{}:{}", from, to))) { // a view, which the mask's manager owns
                return attend(tokens(q, from, to), k, v, part);
            }
        });
    }

    /**
     * How each token of a text spreads its attention over those before it, or over those that a mask lets it look at.
     *
     * @param q {@code [heads, T, headDim]}
     * @param k {@code [kvHeads, T, headDim]}
     * @return {@code [heads, T, T]}
     */
    static NDArray pattern(NDArray q, NDArray k, Optional<NDArray> mask) {
        return pattern(q, k, mask.orElseGet(() -> causalMask(q.getManager(), q.getShape().get(1))));
    }

    @Override
    public Kernels forStoredWeights() {
        return this; // there is no packing to save here, and a product converts what it needs
    }

    /** A copy in float32, whatever the type. */
    private static NDArray copied(NDArray weight) {
        boolean converts = weight.getDataType() != DataType.FLOAT32; // where it does not, what it gives is no copy
        return converts ? weight.toType(DataType.FLOAT32, true) : weight.duplicate();
    }

    /** What the queries {@code from..to} read: {@code [heads, to - from, headDim]}. */
    private interface Block {
        NDArray read(long from, long to);
    }

    private static NDArray byBlocks(long tokens, Block block) {
        NDList blocks = new NDList();
        for (long from = 0; from < tokens; from += QUERY_BLOCK) {
            blocks.add(block.read(from, Math.min(tokens, from + QUERY_BLOCK)));
        }
        return NDArrays.concat(blocks, 1); // [heads, T, headDim]
    }

    /** The tokens {@code from..to} of {@code [heads, T, headDim]}, a view. */
    private static NDArray tokens(NDArray x, long from, long to) {
        return x.get(new NDIndex(":, {}:{}", from, to));
    }

    /**
     * Some queries over some keys.
     *
     * @param q {@code [heads, Q, headDim]}
     * @param k {@code [kvHeads, K, headDim]}
     * @param v {@code [kvHeads, K, headDim]}
     * @param mask is added to the scores of the last keys: {@code [Q, at most K]}
     * @return {@code [heads, Q, headDim]}
     */
    private static NDArray attend(NDArray q, NDArray k, NDArray v, NDArray mask) {
        long queries = q.getShape().get(0) / k.getShape().get(0) * q.getShape().get(1); // that share a key head
        return pattern(q, k, mask)
                .reshape(k.getShape().get(0), queries, k.getShape().get(1))
                .matMul(v)
                .reshape(q.getShape());
    }

    /**
     * How some queries spread their attention over some keys: {@code [heads, Q, K]}, each row adding up to 1. Shapes
     * are those of {@link #attend}.
     */
    private static NDArray pattern(NDArray q, NDArray k, NDArray mask) {
        long heads = q.getShape().get(0);
        long queries = q.getShape().get(1);
        long headDim = q.getShape().get(2);
        long kvHeads = k.getShape().get(0);
        long keys = k.getShape().get(1);
        // The query heads that share a key head lie next to each other, so a reshape groups them.
        NDArray grouped = q.mul(1 / Math.sqrt(headDim)).reshape(kvHeads, heads / kvHeads * queries, headDim);
        NDArray scores = grouped.matMul(k.transpose(0, 2, 1)).reshape(heads, queries, keys);
        NDArray masked = scores.get(new NDIndex("..., {}:", keys - mask.getShape().get(1))); // a view of scores
        masked.addi(mask);
        return scores.softmax(-1);
    }

    /** 0 where a query may look, minus infinity above the diagonal: {@code [size, size]}. */
    private static NDArray causalMask(NDManager scope, long size) {
        int n = Math.toIntExact(size);
        float[] mask = new float[n * n];
        for (int row = 0; row < n; row++) {
            for (int column = row + 1; column < n; column++) {
                mask[row * n + column] = Float.NEGATIVE_INFINITY;
            }
        }
        return scope.create(mask, new Shape(n, n));
    }
}
