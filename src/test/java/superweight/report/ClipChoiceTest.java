package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.measure.ReconstructionError;

class ClipChoiceTest {
    private final ClipChoice choice = new ClipChoice(List.of(
            row("64", Optional.empty(), 0.02, 0.03),
            row("64", Optional.of(9.0), 0.01, 0.04),
            row("64", Optional.of(12.0), 0.01, 0.05),
            row("tensor", Optional.of(9.0), 0.3, 0.2)));

    private static ClipChoice.Row row(String block, Optional<Double> z, double weights, double outputs) {
        return new ClipChoice.Row(block, z, new ReconstructionError(weights, outputs));
    }

    @Test
    void whatIsBestForWeightsNeedNotBeForOutputs() {
        assertEquals(Optional.of(9.0), choice.best("64", ReconstructionError::weights));
        assertEquals(Optional.empty(), choice.best("64", ReconstructionError::outputs));
        assertEquals(Optional.of(9.0), choice.best("tensor", ReconstructionError::outputs));
    }

    @Test
    void theTableNamesEveryClip() {
        assertEquals("""
                | weights in a block | clip | error of weights | error of outputs |
                | --- | --- | ---: | ---: |
                | 64 | - | 0.02000 | 0.03000 |
                | 64 | z = 9 | 0.01000 | 0.04000 |
                | 64 | z = 12 | 0.01000 | 0.05000 |
                | tensor | z = 9 | 0.30000 | 0.20000 |
                """, choice.table().markdown());
    }
}
