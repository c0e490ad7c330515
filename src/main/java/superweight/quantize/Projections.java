package superweight.quantize;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import superweight.checkpoint.ModelConfig;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapOutput;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/**
 * Some of the seven matrices, in every decoder layer of a model.
 *
 * @param layers how many the model has
 */
public record Projections(int layers, List<LinearLayer> matrices) {
    public Projections {
        matrices = List.copyOf(matrices);
    }

    public static Projections of(ModelConfig config, LinearLayer... matrices) {
        return new Projections(config.numHiddenLayers(), List.of(matrices));
    }

    /** A function of each weight, {@code [out, in]} to the same. */
    public List<Intervention> weights(TensorMap map) {
        return each((layer, matrix) -> new MapWeights(layer, matrix, map));
    }

    /**
     * A function of each weight that depends on which super weights the matrix has.
     *
     * @param superWeights of down_proj, in any layer
     * @param map from a matrix' super weights, none in most, to what is done to it
     */
    public List<Intervention> weights(List<Coordinate> superWeights, Function<List<Cell>, TensorMap> map) {
        return each((layer, matrix) -> new MapWeights(
                layer, matrix, map.apply(matrix == LinearLayer.DOWN_PROJ ? inLayer(layer, superWeights) : List.of())));
    }

    /** The places in one layer. */
    static List<Cell> inLayer(int layer, List<Coordinate> superWeights) {
        return superWeights.stream()
                .filter(weight -> weight.layer() == layer)
                .map(weight -> new Cell(weight.row(), weight.column()))
                .toList();
    }

    /** A function of what each is multiplied by, {@code [T, in]} of one text to the same. */
    public List<Intervention> inputs(TensorMap map) {
        return each((layer, matrix) -> new MapInput(layer, matrix, map));
    }

    /** A function of what each gives, {@code [T, out]} of one text to the same. */
    public List<Intervention> outputs(TensorMap map) {
        return each((layer, matrix) -> new MapOutput(layer, matrix, map));
    }

    /** An intervention in each, layer by layer. */
    List<Intervention> each(BiFunction<Integer, LinearLayer, Intervention> intervention) {
        return IntStream.range(0, layers).boxed()
                .flatMap(layer -> matrices.stream().map(matrix -> intervention.apply(layer, matrix)))
                .toList();
    }
}
