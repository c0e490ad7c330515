package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention.Cell;
import superweight.model.LinearLayer;

/**
 * How far the levels of a weight's block lie apart with it and without it: what an outlier does to its neighbours.
 *
 * @param at its place in down_proj
 * @param weight what it is
 * @param before the step of its block
 * @param after the same once weights are left out: 0 while the range is taken
 */
public record StepChange(Coordinate at, float weight, float before, float after) {

    /** From 0 to 1 where nothing is clipped: 1 if the block's other weights stretch it as far by themselves. */
    public double ratio() {
        return (double) after / before;
    }

    /**
     * The steps around several weights, all of which are left out together.
     *
     * @return one a weight, layer by layer and within a layer in their order
     */
    public static List<StepChange> of(CausalLM model, Quantizer quantizer, List<Coordinate> leftOut) {
        Map<Integer, List<Coordinate>> byLayer =
                leftOut.stream().collect(Collectors.groupingBy(Coordinate::layer, TreeMap::new, Collectors.toList()));
        List<StepChange> changes = new ArrayList<>();
        byLayer.forEach((layer, weights) -> {
            try (NDManager scope = model.newScope()) {
                NDArray matrix = model.weight(layer, LinearLayer.DOWN_PROJ, scope);
                NDArray before = quantizer.steps(matrix); // [rows, columns]
                List<Cell> cells = weights.stream().map(at -> new Cell(at.row(), at.column())).toList();
                NDArray after = quantizer.steps(LeftOut.zeroed(matrix, cells)); // [rows, columns]
                weights.forEach(at -> changes.add(new StepChange(
                        at,
                        matrix.getFloat(at.row(), at.column()),
                        before.getFloat(at.row(), at.column()),
                        after.getFloat(at.row(), at.column()))));
            }
        });
        return changes;
    }
}
