package superweight.report;

import java.util.List;
import superweight.report.Results.Setting;

/**
 * All that a checkout knows of its claims.
 *
 * @param claims every one
 * @param headlines those that README shows
 * @param results what was measured for them, on whatever model and text
 */
public record Verdicts(Claims claims, Claims headlines, Results results) {
    /**
     * Reads a checkout's files.
     *
     * @throws superweight.InvalidInputException if one of them is malformed
     */
    public static Verdicts of(Checkout checkout) {
        Claims claims = Claims.read(checkout.claims());
        return new Verdicts(claims, claims.listedIn(checkout.headlines()), Results.read(checkout.paperTables()));
    }

    /** The models and texts there are results for. */
    public List<Setting> settings() {
        return results.settings();
    }

    /** Every claim beside what was measured on this model and text. */
    public VerdictTable table(Setting setting) {
        return VerdictTable.of(claims, results, setting);
    }

    /** The same of the headlines only. */
    public VerdictTable headlineTable(Setting setting) {
        return table(setting).about(headlines);
    }
}
