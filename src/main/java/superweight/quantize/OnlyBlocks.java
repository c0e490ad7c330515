package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.List;
import superweight.model.Intervention.Cell;
import superweight.model.TensorMap;

/**
 * A quantizer of nothing but the blocks that hold some weights: how much harm these blocks can do, and so how much
 * protecting them can spare.
 *
 * @param quantizer of these blocks
 * @param cells the weights' places
 */
public record OnlyBlocks(Quantizer quantizer, List<Cell> cells) implements TensorMap {
    public OnlyBlocks {
        cells = List.copyOf(cells);
    }

    @Override
    public NDArray apply(NDArray weight) {
        return NDArrays.where(quantizer.blocks().holding(cells, weight), quantizer.apply(weight), weight);
    }
}
