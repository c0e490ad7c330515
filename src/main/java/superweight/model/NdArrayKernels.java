package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;

/** The reference kernels, in plain NDArray operations. */
class NdArrayKernels implements Kernels {
    /** Queries attended at once: bounds the score matrix and skips the keys after the block. */
    private static final long QUERY_BLOCK = 256;

    @Override
    public String name() {
        return "NDArray operations";
    }

    @Override
    public NDArray pack(NDArray weight) {
        return weight.duplicate();
    }

    @Override
    public NDArray unpack(NDArray packed) {
        return packed.duplicate();
    }

    @Override
    public NDArray linear(NDArray x, NDArray packed) {
        return Linear.linear(x, packed).singletonOrThrow();
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
    public NDArray attention(NDArray q, NDArray k, NDArray v) {
        long tokens = q.getShape().get(1);
        long headDim = q.getShape().get(2);
        NDArray scaled = q.mul(1 / Math.sqrt(headDim)); // [heads, T, headDim]
        NDArray keys = k.transpose(0, 2, 1); // [kvHeads, headDim, T]
        NDList blocks = new NDList();
        for (long from = 0; from < tokens; from += QUERY_BLOCK) {
            blocks.add(attend(scaled, keys, v, from, Math.min(tokens, from + QUERY_BLOCK)));
        }
        return NDArrays.concat(blocks, 1); // [heads, T, headDim]
    }

    /** The queries {@code from..to} over the keys {@code 0..to}: {@code [heads, to - from, headDim]}. */
    private static NDArray attend(NDArray q, NDArray keys, NDArray v, long from, long to) {
        long heads = q.getShape().get(0);
        long kvHeads = v.getShape().get(0);
        long headDim = q.getShape().get(2);
        long block = to - from;
        // The query heads that share a key head lie next to each other, so a reshape groups them.
        NDArray grouped = q.get(new NDIndex(":, {}:{}", from, to))
                .reshape(kvHeads, heads / kvHeads * block, headDim);
        NDArray scores = grouped
                .matMul(keys.get(new NDIndex(":, :, :{}", to)))
                .reshape(heads, block, to); // [heads, block, to]
        NDArray diagonal = scores.get(new NDIndex(":, :, {}:{}", from, to)); // a view of scores
        diagonal.addi(causalMask(q.getManager(), block));
        return scores.softmax(-1)
                .reshape(kvHeads, heads / kvHeads * block, to)
                .matMul(v.get(new NDIndex(":, :{}", to)))
                .reshape(heads, block, headDim);
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

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, NDArray mask) {
        long group = q.getShape().get(0) / k.getShape().get(0);
        NDArray keys = k.repeat(0, group);
        NDArray scores = q.mul(1 / Math.sqrt(q.getShape().get(2))).matMul(keys.transpose(0, 2, 1)).add(mask);
        return scores.softmax(-1).matMul(v.repeat(0, group));
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
                -1);
    }

    @Override
    public Kernels forStored() {
        return new NdArrayKernels() {
            @Override
            public NDArray linear(NDArray x, NDArray w) {
                try (NDArray plain = w.toType(ai.djl.ndarray.types.DataType.FLOAT32, true)) {
                    return super.linear(x, plain);
                }
            }
            @Override
            public NDArray unpack(NDArray w) { return w.toType(ai.djl.ndarray.types.DataType.FLOAT32, true); }
        };
    }
}
