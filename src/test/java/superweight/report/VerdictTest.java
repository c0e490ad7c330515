package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.stats.Interval;

class VerdictTest {
    @ParameterizedTest(name = "{0} {1} +-{2} {3}: {4}, effect {5} -> {6}")
    @CsvSource(nullValues = "-", textBlock = """
            5.67,    relative, 0.02, '',      5.75,      -,         reproduced
            5.67,    relative, 0.02, '',      5.79,      -,         differs
            5.67,    relative, 0.02, '',      5.50,      -,         differs
            5.67,    relative, 0.02, '',      NaN,       -,         differs
            5.67,    absolute, 0.01, '',      5.68,      -,         reproduced
            5.67,    absolute, 0.01, '',      5.681,     -,         differs
            -2,      relative, 0.1,  '',      -2.1,      -,         reproduced
            1211.11, log10,    0.3,  '>= 10', 700,       120,       reproduced
            1211.11, log10,    0.3,  '>= 10', 2400,      400,       reproduced
            1211.11, log10,    0.3,  '>= 10', 300,       53,        same conclusion
            1211.11, log10,    0.3,  '>= 10', 30,        5.3,       differs
            1211.11, log10,    0.3,  '>= 10', Infinity,  Infinity,  same conclusion
            1211.11, log10,    0.3,  '>= 10', NaN,       NaN,       differs
            1211.11, log10,    0.3,  '>= 10', 0,         0,         differs
            1211.11, log10,    0.3,  '>= 10', -5,        -1,        differs
            1211.11, log10,    0.3,  '>= 10', 300,       -,         differs
            6.08,    relative, 0.02, '<= 1.5', 7.0,      1.23,      same conclusion
            6.08,    relative, 0.02, '<= 1.5', 60,       10.6,      differs
            6.08,    relative, 0.02, '<= 1.5', Infinity, Infinity,  differs
            199.2,   log10,    0.3,  '> 1',   1,         1,         differs
            199.2,   log10,    0.3,  '> 1',   1.1,       1.1,       same conclusion
            0.5,     absolute, 0.1,  '< 1',   0.9,       0.9,       same conclusion
            """)
    void followsFromTheClaimsRow(String printed, String comparison, double tolerance, String bound,
            double value, Double effect, String verdict) {
        Claim claim = ClaimFixture.claim(printed,
                Comparison.valueOf(comparison.toUpperCase(java.util.Locale.ROOT)), tolerance, bound);
        Measured measured = Measured.of("prune-sw", value);
        Measured withEffect = effect == null ? measured : measured.withEffect(effect);
        assertEquals(verdict, Verdict.of(claim, Optional.of(withEffect)).toString());
    }

    @Test
    void aConclusionIsTheSameOnlyBeyondItsInterval() {
        Claim claim = ClaimFixture.claim("0.39", Comparison.ABSOLUTE, 0.05, "> 0");
        Interval noise = new Interval(0.05, -0.45, 0.55, 0.95);
        Interval gain = new Interval(0.6, 0.1, 1.1, 0.95);
        assertEquals(Verdict.DIFFERS, Verdict.of(claim, Optional.of(Measured.of("prune-sw", noise).withEffect(noise))));
        assertEquals(Verdict.SAME_CONCLUSION,
                Verdict.of(claim, Optional.of(Measured.of("prune-sw", gain).withEffect(gain))));
    }

    @Test
    void isNotRunWithoutAMeasurement() {
        Claim claim = ClaimFixture.claim("5.67", Comparison.RELATIVE, 0.02, "");
        assertEquals(Verdict.NOT_RUN, Verdict.of(claim, Optional.empty()));
    }

    @ParameterizedTest(name = "{0}: {1} [{2}, {3}] -> {4}")
    @CsvSource(textBlock = """
            '>= 10',  10.9,     10.1,     11.8,     holds
            '>= 10',  10.9,     9.9,      11.8,     undecided
            '>= 10',  9.5,      8.7,      10.2,     undecided
            '>= 10',  8,        7,        9,        does not hold
            '>= 10',  Infinity, Infinity, Infinity, holds
            '>= 10',  Infinity, 5,        Infinity, undecided
            '>= 10',  NaN,      NaN,      NaN,      does not hold
            '<= 1.5', 1.0,      0.99,     1.5,      holds
            '<= 1.5', 1.4,      1.3,      1.6,      undecided
            '> 1',    1,        1,        1,        does not hold
            """)
    void anEffectIsSeenOnlyBeyondItsInterval(
            String bound, double value, double low, double high, String outcome) {
        assertEquals(outcome, Inequality.parse(bound).orElseThrow()
                .judge(value, Optional.of(new Interval(value, low, high, 0.95))).toString());
    }

    @Test
    void anEffectWithoutAnIntervalIsJudgedByItsValue() {
        Inequality bound = Inequality.parse(">= 10").orElseThrow();
        assertEquals(Inequality.Outcome.HOLDS, bound.judge(10, Optional.empty()));
        assertEquals(Inequality.Outcome.DOES_NOT_HOLD, bound.judge(Double.NaN, Optional.empty()));
    }
}
