package superweight.quantize;

import java.util.ArrayList;
import java.util.List;
import superweight.checkpoint.ModelConfig;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/** What is quantized: every linear layer's weight, each by itself; embeddings, output projection and norms stay. */
public final class LinearLayers {
    private LinearLayers() {}

    /** A function of each of them. */
    public static List<Intervention> mapped(ModelConfig config, TensorMap map) {
        return restored(config, map, List.of());
    }

    /** A function of each of them, after which some weights of down_proj are what they were. */
    public static List<Intervention> restored(ModelConfig config, TensorMap map, List<Coordinate> superWeights) {
        List<Intervention> interventions = new ArrayList<>();
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                List<Cell> cells = matrix == LinearLayer.DOWN_PROJ ? inLayer(layer, superWeights) : List.of();
                interventions.add(
                        new MapWeights(layer, matrix, cells.isEmpty() ? map : new Restored(map, cells)));
            }
        }
        return interventions;
    }

    private static List<Cell> inLayer(int layer, List<Coordinate> superWeights) {
        return superWeights.stream()
                .filter(weight -> weight.layer() == layer)
                .map(weight -> new Cell(weight.row(), weight.column()))
                .toList();
    }
}
