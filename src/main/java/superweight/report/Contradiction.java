package superweight.report;

/**
 * Two sources, or two places of one, that cannot both be right; a row of {@code paper-tables/contradictions.csv}.
 *
 * @param id unique, such as {@code steps}
 * @param number the finding that it is a part of, from 1
 * @param question that the two answer differently
 * @param one a place
 * @param oneSays its answer
 * @param other another place
 * @param otherSays the answer there
 * @param decided what decides between them
 * @param needs what it would take to decide, or to decide better; empty where nothing more
 */
public record Contradiction(
        String id,
        int number,
        String question,
        String one,
        String oneSays,
        String other,
        String otherSays,
        Way decided,
        String needs) {

    /** What decides between two answers. */
    public enum Way {
        /** A measurement on whatever model the audit is run on. */
        RUN,
        /** Numbers that the sources print. */
        ARITHMETIC,
        /** Nothing at hand. */
        OPEN
    }

    /** @throws superweight.InvalidInputException if the row is malformed, or open and silent about what it needs */
    static Contradiction of(Csv.Row row) {
        String number = row.text("number");
        if (!number.matches("[1-9][0-9]{0,3}")) {
            throw row.fault("number", "a whole number from 1");
        }
        Way decided = row.word("decided", Way.class);
        return new Contradiction(
                row.required("id"),
                Integer.parseInt(number),
                row.required("question"),
                row.required("one"),
                row.required("one says"),
                row.required("other"),
                row.required("other says"),
                decided,
                decided == Way.OPEN ? row.required("needs") : row.text("needs"));
    }
}
