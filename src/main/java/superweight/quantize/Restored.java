package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import superweight.model.Intervention.Cell;
import superweight.model.TensorMap;

/**
 * A function of a matrix after which some weights are what they were (paper formula 2, RESTORE).
 *
 * @param map what is done to the matrix, those weights included
 * @param cells their places
 */
public record Restored(TensorMap map, List<Cell> cells) implements TensorMap {
    public Restored {
        cells = List.copyOf(cells);
    }

    @Override
    public NDArray apply(NDArray weight) {
        NDArray restored = map.apply(weight).duplicate(); // a map may hand back what it was given
        for (Cell cell : cells) {
            NDIndex place = new NDIndex("{}, {}", cell.row(), cell.column());
            restored.set(place, weight.getFloat(cell.row(), cell.column()));
        }
        return restored;
    }
}
