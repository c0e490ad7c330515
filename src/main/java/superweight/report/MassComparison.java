package superweight.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import superweight.measure.Condition;
import superweight.measure.NextTokenDistribution;
import superweight.measure.TokenKind;
import superweight.measure.Vocabulary;
import superweight.stats.EffectSize;
import superweight.stats.Holm;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.PermutationTest;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** How much probability stopwords have together under some conditions, and how undecided the model is. */
public record MassComparison(List<Row> rows) {
    /**
     * One condition; the first one is the original model.
     *
     * @param stopwords probability of all stopwords together, mean over prompts
     * @param punctuation of all punctuation
     * @param other of all other tokens
     * @param gain of stopwords and punctuation together, minus the original's
     * @param pValue of that gain: paired permutation test, corrected by Holm for all conditions; 1 for the original
     * @param cohensDz of that gain; NaN for the original
     * @param entropy of the next token's distribution, in nats, mean over prompts
     * @param entropyGain minus the original's
     */
    public record Row(
            String condition,
            Interval stopwords,
            Interval punctuation,
            Interval other,
            Interval gain,
            double pValue,
            double cohensDz,
            Interval entropy,
            Interval entropyGain) {
        /** Stopwords and punctuation together, which is what the paper calls stopwords. */
        public Interval stopwordsOfThePaper() {
            return new Interval(1 - other.estimate(), 1 - other.high(), 1 - other.low(), other.level());
        }
    }

    public MassComparison {
        rows = List.copyOf(rows);
    }

    /** Each condition's values prompt by prompt. */
    private record Values(double[] stopwords, double[] punctuation, double[] both, double[] entropy) {
        static Values of(NextTokenDistribution measured, Vocabulary vocabulary) {
            double[] stopwords = measured.mass(vocabulary.ids(TokenKind.STOPWORD));
            double[] punctuation = measured.mass(vocabulary.ids(TokenKind.PUNCTUATION));
            double[] both = new double[stopwords.length];
            Arrays.setAll(both, prompt -> stopwords[prompt] + punctuation[prompt]);
            return new Values(stopwords, punctuation, both, measured.entropy());
        }

        double[] other() {
            return Arrays.stream(both).map(mass -> 1 - mass).toArray();
        }
    }

    /**
     * @param conditions the original model first
     * @param measured one for each condition, on the same prompts
     */
    public static MassComparison of(
            List<Condition> conditions,
            List<NextTokenDistribution> measured,
            Vocabulary vocabulary,
            PairedBootstrap bootstrap,
            PermutationTest test) {
        List<Values> values = measured.stream().map(each -> Values.of(each, vocabulary)).toList();
        Values original = values.get(0);
        double[] pValues = Holm.adjust(values.stream()
                .skip(1)
                .mapToDouble(changed -> test.pValue(original.both, changed.both))
                .toArray());
        return new MassComparison(IntStream.range(0, conditions.size())
                .mapToObj(i -> row(
                        conditions.get(i).name(), original, values.get(i), i == 0 ? 1 : pValues[i - 1], bootstrap))
                .toList());
    }

    private static Row row(
            String condition, Values original, Values changed, double pValue, PairedBootstrap bootstrap) {
        return new Row(
                condition,
                bootstrap.mean(changed.stopwords),
                bootstrap.mean(changed.punctuation),
                bootstrap.mean(changed.other()),
                bootstrap.meanDifference(original.both, changed.both),
                pValue,
                EffectSize.cohensDz(original.both, changed.both),
                bootstrap.mean(changed.entropy),
                bootstrap.meanDifference(original.entropy, changed.entropy));
    }

    /** What each kind of token has, and how much more stopwords and punctuation have than in the original model. */
    public ResultTable table() {
        return ResultTable.of(Table.create("mass").addColumns(
                        StringColumn.create("condition", rows.stream().map(Row::condition)),
                        column("stopwords, %", row -> 100 * row.stopwords.estimate()),
                        column("punctuation, %", row -> 100 * row.punctuation.estimate()),
                        column("other, %", row -> 100 * row.other.estimate()),
                        column("gain of the first two, points", row -> 100 * row.gain.estimate()),
                        column("gain low", row -> 100 * row.gain.low()),
                        column("gain high", row -> 100 * row.gain.high()),
                        column("p, Holm", Row::pValue),
                        column("Cohen's d_z", Row::cohensDz)))
                .format("stopwords, %", CellFormat.fixed(1))
                .format("punctuation, %", CellFormat.fixed(1))
                .format("other, %", CellFormat.fixed(1))
                .format("gain of the first two, points", CellFormat.fixed(1))
                .interval("95 % interval", "gain low", "gain high", CellFormat.fixed(1))
                .format("p, Holm", CellFormat.significant(2))
                .format("Cohen's d_z", CellFormat.fixed(2));
    }

    /** How undecided the model is, and how much more so than the original. */
    public ResultTable entropyTable() {
        return ResultTable.of(Table.create("entropy").addColumns(
                        StringColumn.create("condition", rows.stream().map(Row::condition)),
                        column("entropy, nats", row -> row.entropy.estimate()),
                        column("entropy low", row -> row.entropy.low()),
                        column("entropy high", row -> row.entropy.high()),
                        column("minus the original's", row -> row.entropyGain.estimate()),
                        column("difference low", row -> row.entropyGain.low()),
                        column("difference high", row -> row.entropyGain.high())))
                .format("entropy, nats", CellFormat.fixed(2))
                .interval("95 % interval", "entropy low", "entropy high", CellFormat.fixed(2))
                .format("minus the original's", CellFormat.fixed(2))
                .interval("95 % interval of that", "difference low", "difference high", CellFormat.fixed(2));
    }

    private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }
}
