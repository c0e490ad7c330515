package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.model.Coordinate;
import superweight.model.Intervention;

class ScalingTest {
    private static final Coordinate EARLY = new Coordinate(1, 3, 5);
    private static final Coordinate LATE = new Coordinate(4, 3, 2);

    @Test
    void allWeightsAreMultipliedByOneFactorAfterAnother() {
        List<Condition> conditions = new Scaling(List.of(EARLY, LATE), List.of(0.0, 1.5)).conditions();
        assertEquals(List.of("factor 0.0", "factor 1.5"), conditions.stream().map(Condition::name).toList());
        assertEquals(List.of(Intervention.prune(EARLY), Intervention.prune(LATE)), conditions.get(0).interventions());
        assertEquals(List.of(Intervention.scale(EARLY, 1.5), Intervention.scale(LATE, 1.5)),
                conditions.get(1).interventions());
    }

    @Test
    void factorOneIsTheOriginalModelItself() {
        assertEquals(List.of(), new Scaling(List.of(EARLY), List.of(1.0)).conditions().get(0).interventions());
    }
}
