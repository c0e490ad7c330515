package superweight.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.measure.Condition;
import superweight.measure.NextTokenDistribution;
import superweight.measure.Token;
import superweight.measure.TokenKind;
import superweight.measure.Vocabulary;
import superweight.model.CausalLM;
import superweight.model.Tokenizer.Bos;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What comes next after single prompts, under some conditions (paper section 3.2, "Summer is hot. Winter is"). */
public record CaseStudy(List<Row> rows) {
    /**
     * One prompt under one condition.
     *
     * @param word probability of all tokens that read as the word that is asked for
     * @param wordOverOthers {@code word} by the highest probability of a token that reads differently
     * @param likeliest the likeliest token of all
     * @param probability its probability
     * @param stopwordOverOthers the highest probability of a stopword or of punctuation by that of any other token
     */
    public record Row(
            String prompt,
            String condition,
            double word,
            double wordOverOthers,
            Token likeliest,
            double probability,
            double stopwordOverOthers) {}

    public CaseStudy {
        rows = List.copyOf(rows);
    }

    /**
     * Reads each prompt under each condition.
     *
     * @param word what is asked for, in lower case, such as {@code cold}
     */
    public static CaseStudy measure(
            CausalLM model, Vocabulary vocabulary, List<String> prompts, List<Condition> conditions, String word) {
        return new CaseStudy(prompts.stream()
                .flatMap(prompt -> {
                    int[] ids = model.tokenizer().encode(prompt, Bos.AUTO);
                    List<NextTokenDistribution> next =
                            NextTokenDistribution.measureAll(model, List.of(ids), conditions, Progress.NONE);
                    return IntStream.range(0, conditions.size()).mapToObj(i ->
                            row(prompt, conditions.get(i).name(), word, vocabulary, next.get(i).mean()));
                })
                .toList());
    }

    private static Row row(String prompt, String condition, String word, Vocabulary vocabulary, double[] next) {
        double[] others = next.clone();
        vocabulary.reading(word).forEach(token -> others[token.id()] = 0);
        double probability = vocabulary.reading(word).stream().mapToDouble(token -> next[token.id()]).sum();
        Token likeliest = vocabulary.top(next, 1).get(0);
        return new Row(
                prompt,
                condition,
                probability,
                probability / Arrays.stream(others).max().orElseThrow(),
                likeliest,
                next[likeliest.id()],
                highest(vocabulary, next, TokenKind::isStopwordOfThePaper)
                        / highest(vocabulary, next, kind -> !kind.isStopwordOfThePaper()));
    }

    private static double highest(Vocabulary vocabulary, double[] next, Predicate<TokenKind> wanted) {
        return vocabulary.tokens().stream()
                .filter(token -> wanted.test(token.kind()))
                .mapToDouble(token -> next[token.id()])
                .max()
                .orElse(0);
    }

    /** The row of a prompt under a condition. */
    public Row row(String prompt, String condition) {
        return rows.stream()
                .filter(row -> row.prompt.equals(prompt) && row.condition.equals(condition))
                .findFirst()
                .orElseThrow();
    }

    /** @param word what was asked for, for the header */
    public ResultTable table(String word) {
        String header = "P(\"%s\"), %%".formatted(word);
        return ResultTable.of(Table.create("next").addColumns(
                        StringColumn.create("prompt", rows.stream().map(row -> "\"" + row.prompt + "\"")),
                        StringColumn.create("condition", rows.stream().map(Row::condition)),
                        DoubleColumn.create(header, rows.stream().mapToDouble(row -> 100 * row.word).toArray()),
                        StringColumn.create("likeliest", rows.stream().map(row -> row.likeliest.quoted())),
                        DoubleColumn.create("its probability, %",
                                rows.stream().mapToDouble(row -> 100 * row.probability).toArray()),
                        StringColumn.create("counts as", rows.stream().map(row -> row.likeliest.kind().toString()))))
                .format(header, CellFormat.fixed(2))
                .format("its probability, %", CellFormat.fixed(1));
    }
}
