package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import superweight.InvalidInputException;
import superweight.model.Intervention.Cell;
import superweight.model.TensorMap;

/**
 * A function of a matrix that some weights are left out of: 0 while it is applied, what they were afterwards (the
 * script of the Qwen3-0.6B experiment). Unlike in {@link Restored}, they cannot stretch their block's range.
 *
 * @param map what is done to the matrix without those weights
 * @param cells their places
 */
public record LeftOut(TensorMap map, List<Cell> cells) implements TensorMap {
    public LeftOut {
        cells = List.copyOf(cells);
    }

    @Override
    public NDArray apply(NDArray weight) {
        cells.forEach(cell -> requireFinite(weight.getFloat(cell.row(), cell.column())));
        NDArray mapped = map.apply(zeroed(weight, cells)).duplicate(); // a map may hand back what it was given
        cells.forEach(cell -> mapped.set(
                new NDIndex("{}, {}", cell.row(), cell.column()), weight.getFloat(cell.row(), cell.column())));
        return mapped;
    }

    /** The matrix with some weights 0, {@code [rows, columns]}. */
    static NDArray zeroed(NDArray weight, List<Cell> cells) {
        NDArray without = weight.duplicate();
        cells.forEach(cell -> without.set(new NDIndex("{}, {}", cell.row(), cell.column()), 0));
        return without;
    }

    /** The map, which never sees it, cannot. */
    private static void requireFinite(float value) {
        if (!Float.isFinite(value)) {
            throw new InvalidInputException(
                    "Only finite numbers can be left out of a quantized matrix, but one is " + value + ".");
        }
    }
}
