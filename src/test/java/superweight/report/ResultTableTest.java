package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ResultTableTest {
    private static final Table DATA = Table.create("pruning",
            StringColumn.create("condition", "original", "a|b, \"c\" & 5 % of x_1 <y>", "gone"),
            IntColumn.create("weights", 0, 7000, 4),
            DoubleColumn.create("perplexity", 19.9236, Double.POSITIVE_INFINITY, Double.NaN),
            DoubleColumn.create("low", 18.5, 1e-7, Double.NaN),
            DoubleColumn.create("high", 21.25, 1234567890.5, Double.NaN));
    private static final ResultTable TABLE = ResultTable.of(DATA)
            .format("perplexity", CellFormat.fixed(2))
            .interval("95 % interval", "low", "high", CellFormat.fixed(1));

    @Test
    void whatRoundsToZeroHasNoSign() {
        assertEquals("0.0", CellFormat.fixed(1).format(-0.04));
        assertEquals("0", CellFormat.fixed(0).format(-0.4));
        assertEquals("-0.1", CellFormat.fixed(1).format(-0.06));
        assertEquals("0.0", CellFormat.fixed(1).format(0.04));
    }

    @Test
    void markdownEscapesItsSignsAndLeansNumbersToTheRight() {
        assertEquals("""
                | condition | weights | perplexity | 95 % interval |
                | --- | ---: | ---: | ---: |
                | original | 0 | 19.92 | [18.5, 21.3] |
                | a\\|b, "c" & 5 % of x\\_1 &lt;y> | 7000 | infinite | [0.0, 1234567890.5] |
                | gone | 4 | – | – |
                """, TABLE.markdown());
    }

    @Test
    void aValueStandsWithItsErrorWhereItHasOne() {
        ResultTable table = ResultTable.of(Table.create("accuracy",
                        DoubleColumn.create("accuracy", 31.66, 33.33, Double.NaN),
                        DoubleColumn.create("error", 6.06, Double.NaN, Double.NaN)))
                .plusMinus("accuracy ± SE", "accuracy", "error", CellFormat.fixed(1));
        assertEquals("""
                | accuracy ± SE |
                | ---: |
                | 31.7 ± 6.1 |
                | 33.3 |
                | – |
                """, table.markdown());
        assertTrue(table.latex().contains("31.7 $\\pm$ 6.1 \\\\"), table.latex());
        assertTrue(table.csv().startsWith("accuracy,error\n31.66,6.06\n33.33,\n"), table.csv());
    }

    @Test
    void latexUsesBooktabsAndEscapesItsSigns() {
        assertEquals("""
                \\begin{tabular}{lrrr}
                \\toprule
                condition & weights & perplexity & 95 \\% interval \\\\
                \\midrule
                original & 0 & 19.92 & {}[18.5, 21.3] \\\\
                a|b, "c" \\& 5 \\% of x\\_1 $<$y$>$ & 7000 & infinite & {}[0.0, 1234567890.5] \\\\
                gone & 4 & -- & -- \\\\
                \\bottomrule
                \\end{tabular}
                """, TABLE.latex());
    }

    @Test
    void csvCarriesAllColumnsWithAllDigits() {
        assertEquals("""
                condition,weights,perplexity,low,high
                original,0,19.9236,18.5,21.25
                "a|b, ""c"" & 5 % of x_1 <y>",7000,Infinity,1.0E-7,1.2345678905E9
                gone,4,,,
                """, TABLE.csv());
    }

    @Test
    void htmlEscapesItsSigns() {
        String html = TABLE.html();
        assertTrue(html.contains("<td style=\"text-align:left\">a|b, &quot;c&quot; &amp; 5 % of x_1 &lt;y&gt;</td>"),
                html);
        assertTrue(html.contains("<td style=\"text-align:right\">19.92</td>"), html);
    }

    @Test
    void numbersAreTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        String expected = TABLE.markdown() + TABLE.latex() + TABLE.csv() + CellFormat.significant(3).format(0.5);
        try {
            for (String tag : new String[] {"de-DE", "ar-EG", "hi-IN-u-nu-deva"}) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(expected, TABLE.markdown() + TABLE.latex() + TABLE.csv()
                        + CellFormat.significant(3).format(0.5), tag);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aFormatForAColumnThatIsNotThereIsAnError() {
        ResultTable table = ResultTable.of(DATA);
        assertThrows(IllegalArgumentException.class, () -> table.format("perplexities", CellFormat.fixed(2)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            3, 10.885,       10.9
            3, 216.84,       217
            3, 1234567.8,    1230000
            3, 0.0012345,    0.00123
            3, 0,            0
            3, 10,           10.0
            2, 0.00001,      0.000010
            4, 5321.3,       5321
            4, 19.9,         19.90
            3, 9.999,        10.0
            3, -0.5,         -0.500
            3, 1e22,         10000000000000000000000
            3, Infinity,     infinite
            3, -Infinity,    minus infinite
            3, NaN,          –
            """)
    void significantDigitsNeverTurnIntoENotation(int digits, double value, String text) {
        assertEquals(text, CellFormat.significant(digits).format(value));
    }
}
