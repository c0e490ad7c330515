package superweight.report;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import superweight.measure.Stopwords;
import superweight.measure.Token;
import superweight.measure.Vocabulary;
import superweight.report.Figure.Source;

/**
 * The likeliest tokens of the paper's models with and without super weights, {@code paper-tables/printed/figure-5.csv}:
 * figures 5 and 11 to 13, as the authors' notebook plots them.
 */
final class PrintedTokens {
    private static final List<String> HEADER = List.of("model", "rank", "token", "original", "pruned", "source");

    private PrintedTokens() {}

    /**
     * Reads the file; a line break in a token is written as a backslash and an n.
     *
     * @param stopwords says what each token counts as, as for tokens of this run
     * @return one for each model, in the file's order; their tokens' ids are their ranks from 0
     * @throws superweight.InvalidInputException if the file is malformed
     */
    static List<TokenRatios> read(Path file, Stopwords stopwords) {
        List<Csv.Row> rows = Csv.read(file, HEADER);
        Stream<String> models = rows.stream().map(row -> row.required("model")).distinct();
        return models.map(model -> ofModel(model, rows, stopwords)).toList();
    }

    private static TokenRatios ofModel(String model, List<Csv.Row> all, Stopwords stopwords) {
        List<Csv.Row> rows = all.stream().filter(row -> row.text("model").equals(model)).toList();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).number("rank") != i + 1) {
                throw rows.get(i).fault("rank", "a model's ranks in order, here " + (i + 1));
            }
        }
        List<Token> tokens = Vocabulary.of(
                        rows.stream().map(row -> row.required("token").translateEscapes()).toList(), stopwords)
                .tokens();
        return new TokenRatios(
                model.substring(model.lastIndexOf('/') + 1),
                Source.PAPER,
                tokens,
                rows.stream().map(row -> row.number("original")).toList(),
                rows.stream().map(row -> row.number("pruned")).toList());
    }
}
