package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.List;
import superweight.model.Intervention.Cell;
import superweight.model.TensorMap;

/**
 * A quantizer that leaves whole blocks as they are: those that hold some weights. More than any treatment of the
 * outliers of these blocks can give.
 *
 * @param quantizer of all other blocks
 * @param cells the weights' places
 */
public record BlocksKept(Quantizer quantizer, List<Cell> cells) implements TensorMap {
    public BlocksKept {
        cells = List.copyOf(cells);
    }

    @Override
    public NDArray apply(NDArray weight) {
        return NDArrays.where(quantizer.blocks().holding(cells, weight), weight, quantizer.apply(weight));
    }
}
