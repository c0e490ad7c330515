package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import superweight.measure.Perplexity;
import superweight.quantize.OutlierTreatment;
import superweight.report.BlockComparison.Setting;
import superweight.stats.PairedBootstrap;

class BlockComparisonTest {
    private static final Perplexity ORIGINAL = new Perplexity(64, List.of(3.0, 3.2, 2.8));
    private static final List<Setting> SETTINGS = List.of(
            setting("64", 4.5, OutlierTreatment.NONE, "-", OptionalLong.empty()),
            setting("tensor", 4.0001, OutlierTreatment.NONE, "-", OptionalLong.empty()),
            setting("tensor", 4.0001, OutlierTreatment.CLIP_AND_RESTORE, "z = 9", OptionalLong.of(7)));

    private final BlockComparison comparison = BlockComparison.of(
            SETTINGS, ORIGINAL, List.of(plus(0.1), plus(5), plus(2)), new PairedBootstrap(7));

    private static Setting setting(
            String block, double bits, OutlierTreatment treatment, String clip, OptionalLong clipped) {
        return new Setting(block, bits, treatment, clip, clipped);
    }

    private static Perplexity plus(double more) {
        return new Perplexity(64, ORIGINAL.windowNll().stream().map(nll -> nll + more).toList());
    }

    @Test
    void everyRowIsHeldAgainstTheOriginalAndAgainstPlainRoundingInItsOwnBlocks() {
        BlockComparison.Row ours = comparison.only(OutlierTreatment.CLIP_AND_RESTORE, "z = 9").at("tensor");
        assertEquals(Math.exp(2), ours.original().estimate(), 1e-9);
        assertEquals(Math.exp(-3), ours.plain().estimate(), 1e-9);
        assertTrue(ours.plain().high() < 1, "paired by windows");
        assertEquals(1, comparison.at("64").plain().estimate());
        assertEquals(List.of("64", "tensor"), comparison.blocks());
    }

    @Test
    void aBlockSizeWithoutPlainRoundingHasNothingToBeComparedWith() {
        assertThrows(
                IllegalArgumentException.class,
                () -> BlockComparison.of(
                        SETTINGS.subList(2, 3), ORIGINAL, List.of(plus(1)), new PairedBootstrap(7)));
    }

    @Test
    void theTableSaysWhatABlockSizeSavesAndHowManyWeightsAreClipped() {
        assertEquals("""
                | weights in a block | bits per weight | outliers | clip | weights clipped | perplexity \
                | times the original | 95 % interval | times plain | 95 % interval of that |
                | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                | 64 | 4.5000 | plain | - | – | 22.2 | 1.11 | [1.11, 1.11] | 1.0 | [1.0, 1.0] |
                | tensor | 4.0001 | plain | - | – | 3e3 | 148 | [148, 148] | 1.0 | [1.0, 1.0] |
                | tensor | 4.0001 | clipped, super weights restored | z = 9 | 7 | 148 | 7.39 | [7.39, 7.39] \
                | 5e-2 | [5e-2, 5e-2] |
                """, comparison.table().markdown());
    }

    @Test
    void aCurveIsNamedAfterItsTreatmentAndAPlaceAfterItsBlockAndBits() {
        LineFigure figure = comparison.figure("4 bits");
        assertEquals(
                List.of("plain", "clipped, super weights restored (z = 9)"),
                figure.series().stream().map(LineFigure.Series::name).toList());
        assertEquals(List.of("64 (4.500)", "tensor (4.000)"), figure.ticks());
        assertEquals(1, figure.series().get(1).points().get(0).x());
        assertTrue(figure.csv().contains("plain,this run,tensor (4.000),"), figure.csv());
    }
}
