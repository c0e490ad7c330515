package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.ModelConfig;
import superweight.checkpoint.RandomLlama;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapOutput;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

class ProjectionsTest {
    private static final ModelConfig TWO_LAYERS = RandomLlama.config(2, 24, 40, 2, 8, true);
    private static final TensorMap MAP = W8A8.symmetric(new Blocks.Whole());

    @Test
    void theMatricesNamedAreChangedInEveryLayerAndNoOthers() {
        Projections some = Projections.of(TWO_LAYERS, LinearLayer.K_PROJ, LinearLayer.UP_PROJ);
        assertEquals(
                List.of(
                        new MapWeights(0, LinearLayer.K_PROJ, MAP), new MapWeights(0, LinearLayer.UP_PROJ, MAP),
                        new MapWeights(1, LinearLayer.K_PROJ, MAP), new MapWeights(1, LinearLayer.UP_PROJ, MAP)),
                some.weights(MAP));
        assertEquals(
                List.of(
                        new MapInput(0, LinearLayer.K_PROJ, MAP), new MapInput(0, LinearLayer.UP_PROJ, MAP),
                        new MapInput(1, LinearLayer.K_PROJ, MAP), new MapInput(1, LinearLayer.UP_PROJ, MAP)),
                some.inputs(MAP));
        Projections one = Projections.of(TWO_LAYERS, LinearLayer.V_PROJ);
        assertEquals(
                List.of(new MapOutput(0, LinearLayer.V_PROJ, MAP), new MapOutput(1, LinearLayer.V_PROJ, MAP)),
                one.outputs(MAP));
        assertEquals(List.of(), Projections.of(TWO_LAYERS).weights(MAP));
    }

    @Test
    void everyMatrixIsToldItsOwnSuperWeightsOnly() {
        List<Coordinate> superWeights =
                List.of(new Coordinate(1, 2, 3), new Coordinate(0, 4, 5), new Coordinate(1, 6, 7));
        Map<List<Cell>, TensorMap> maps = new HashMap<>();
        List<Intervention> interventions = LinearLayers.mapped(
                TWO_LAYERS, superWeights, cells -> maps.computeIfAbsent(cells, each -> new Restored(MAP, each)));
        for (Intervention intervention : interventions) {
            MapWeights change = (MapWeights) intervention;
            List<Cell> cells = ((Restored) change.map()).cells();
            if (change.matrix() != LinearLayer.DOWN_PROJ) {
                assertEquals(List.of(), cells);
            } else {
                assertEquals(
                        change.layer() == 0 ? List.of(new Cell(4, 5)) : List.of(new Cell(2, 3), new Cell(6, 7)), cells);
            }
        }
        assertEquals(14, interventions.size());
        assertEquals(3, maps.size());
    }
}
