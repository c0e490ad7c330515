package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention.Cell;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/**
 * How many weights two ways to treat them leave different, to the last bit.
 *
 * @param weights that differ
 * @param blocks that hold one of them
 */
public record Disagreement(long weights, long blocks) {
    private static final Disagreement NONE = new Disagreement(0, 0);

    /**
     * Of all layers' down_proj.
     *
     * @param superWeights of down_proj, in any layer
     * @param one from a matrix' super weights, none in some, to what is done to it
     * @param other the same, to another thing
     */
    public static Disagreement ofDownProj(
            CausalLM model,
            Blocks blocks,
            List<Coordinate> superWeights,
            Function<List<Cell>, TensorMap> one,
            Function<List<Cell>, TensorMap> other) {
        Disagreement all = NONE;
        for (int layer = 0; layer < model.config().numHiddenLayers(); layer++) {
            List<Cell> cells = Projections.inLayer(layer, superWeights);
            try (NDManager scope = model.newScope()) {
                NDArray weight = model.weight(layer, LinearLayer.DOWN_PROJ, scope); // [out, in]
                all = all.plus(of(one.apply(cells).apply(weight), other.apply(cells).apply(weight), blocks));
            }
        }
        return all;
    }

    /**
     * Of two versions of a matrix.
     *
     * @param one {@code [rows, columns]}
     * @param other {@code [rows, columns]}
     */
    static Disagreement of(NDArray one, NDArray other, Blocks blocks) {
        NDArray differs = one.neq(other).toType(DataType.INT64, false); // [rows, columns] of 0 and 1
        AtomicLong holding = new AtomicLong();
        blocks.map(differs, block -> {
            holding.addAndGet(block.max(new int[] {1}, true).sum().getLong()); // [blocks, 1]
            return block;
        });
        return new Disagreement(differs.sum().getLong(), holding.get());
    }

    private Disagreement plus(Disagreement more) {
        return new Disagreement(weights + more.weights, blocks + more.blocks);
    }
}
