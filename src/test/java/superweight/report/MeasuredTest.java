package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MeasuredTest {
    private static final Measured MEASURED = Measured.of("some-claim", 2);

    @Test
    void aRunSaysHowMuchOfTheTextAValueIsFrom() {
        assertEquals(Run.Size.FULL, MEASURED.on(Run.Size.FULL).size());
        assertEquals(Run.Size.SMALL, MEASURED.on(Run.Size.SMALL).size());
    }

    @Test
    void whatIsFromAnotherTextIsNeverFromTheWholeOfTheSources() {
        assertEquals(Run.Size.DEFAULT, MEASURED.onAnotherText().on(Run.Size.FULL).size());
        assertEquals(Run.Size.SMALL, MEASURED.onAnotherText().on(Run.Size.SMALL).size());
    }
}
