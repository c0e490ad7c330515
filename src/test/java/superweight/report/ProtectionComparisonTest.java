package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.measure.StridedPerplexity;
import superweight.report.ProtectionComparison.Setting;
import superweight.stats.PairedBootstrap;

class ProtectionComparisonTest {
    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(3);
    private static final ProtectionComparison COMPARISON = ProtectionComparison.of(
            List.of(
                    new Setting("64", "nothing"), new Setting("64", "top 1"),
                    new Setting("512", "nothing"), new Setting("512", "top 1")),
            new StridedPerplexity(List.of(1.0, 2.0)),
            List.of(
                    new StridedPerplexity(List.of(1.5, 2.5)),
                    new StridedPerplexity(List.of(1.4, 2.4)),
                    new StridedPerplexity(List.of(2.0, 3.0)),
                    new StridedPerplexity(List.of(2.2, 3.2))),
            BOOTSTRAP);

    @Test
    void eachIsHeldAgainstTheSameQuantizationWithNothingProtected() {
        assertEquals(0, COMPARISON.at("64", "nothing").saved().estimate(), 1e-12);
        assertEquals(100 * (1 - Math.exp(-0.1)), COMPARISON.at("64", "top 1").saved().estimate(), 1e-9);
        assertEquals(100 * (1 - Math.exp(0.2)), COMPARISON.at("512", "top 1").saved().estimate(), 1e-9);
        assertEquals(Math.exp(0.5), COMPARISON.at("64", "nothing").original().estimate(), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> COMPARISON.at("64", "top 2"));
    }

    @Test
    void theFigureShowsWhatProtectsSomething() {
        assertEquals(
                List.of("64: top 1", "512: top 1"),
                COMPARISON.figure("title").points().stream().map(DotFigure.Point::condition).toList());
        assertEquals(2, COMPARISON.only(List.of("512")).rows().size());
        assertEquals(4, COMPARISON.table().data().rowCount());
    }
}
