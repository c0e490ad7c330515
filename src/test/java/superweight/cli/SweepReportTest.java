package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.measure.Perplexity;

class SweepReportTest {
    private static Perplexity perplexity(double value) {
        return new Perplexity(9, List.of(Math.log(value), Math.log(value)));
    }

    @Test
    void theTableIsAlignedWhateverItHolds() {
        SweepReport report = SweepReport.of(
                List.of(0.0, -0.125, 1e38, 2.0),
                List.of(perplexity(2.5e30), perplexity(999.5), perplexity(Double.NaN), perplexity(12.5)));
        assertEquals("""
                factor  perplexity  x smallest
                   0.0  2.5000e+30  2.0000e+29
                -0.125    999.5000     79.9600
                1.0E38    overflow           -
                   2.0     12.5000      1.0000
                x smallest: times the smallest perplexity of these; over 16 tokens in 2 windows of 9""",
                report.lines());
    }

    @Test
    void oneSentenceNamesAllFactorsWithoutAPerplexity() {
        Perplexity infinite = perplexity(Double.POSITIVE_INFINITY);
        assertEquals(Optional.empty(), SweepReport.of(List.of(1.0), List.of(perplexity(3))).warning());
        assertEquals(
                Optional.of("There is no perplexity at factor 3.0 and 4.0: the model's activations leave the range of"
                        + " float32."),
                SweepReport.of(List.of(3.0, 4.0), List.of(infinite, infinite)).warning());
    }
}
