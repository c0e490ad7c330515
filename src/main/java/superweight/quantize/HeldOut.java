package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import superweight.model.Intervention.Cell;
import superweight.model.TensorMap;

/**
 * A function of a matrix of which some weights are kept out: 0 while it is applied, what they were afterwards (the
 * script of the Qwen3-0.6B experiment). Unlike in {@link Restored}, they cannot stretch their block's range.
 *
 * @param map what is done to the matrix without those weights
 * @param cells their places
 */
public record HeldOut(TensorMap map, List<Cell> cells) implements TensorMap {
    public HeldOut {
        cells = List.copyOf(cells);
    }

    @Override
    public NDArray apply(NDArray weight) {
        NDArray without = weight.duplicate();
        cells.forEach(cell -> without.set(new NDIndex("{}, {}", cell.row(), cell.column()), 0));
        NDArray mapped = map.apply(without).duplicate(); // a map may hand back what it was given
        cells.forEach(cell -> mapped.set(
                new NDIndex("{}, {}", cell.row(), cell.column()), weight.getFloat(cell.row(), cell.column())));
        return mapped;
    }
}
