package superweight.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.measure.Stopwords;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.report.Results.Setting;

/**
 * One execution of a notebook: what it was asked to run on, and where its results go.
 *
 * <p>Results lie under the output folder as they will lie in the checkout, each with its provenance
 * beside it; a file appears whole or not at all.
 */
public final class Run {
    /** How much of the work to do. */
    public enum Size {
        /** Seconds, to see that everything runs: its numbers mean nothing. */
        SMALL,
        /** What the committed results are made with. */
        DEFAULT,
        /** All of the text, as the paper measures. */
        FULL
    }

    private final String notebook;
    private final Checkout checkout;
    private final RunRequest request;
    private final Optional<Journal> journal;
    private final Instant start = Instant.now();
    private final Map<String, Object> parameters = new TreeMap<>();
    private final Map<String, Long> seeds = new TreeMap<>();
    private Provenance.Input usedModel;
    private Provenance.Text usedText;
    private final Map<String, Provenance.Text> texts = new TreeMap<>();

    private Run(String notebook, Checkout checkout, RunRequest request) {
        this.notebook = notebook;
        this.checkout = checkout;
        this.request = request;
        this.journal = request.journal().map(Journal::new);
        this.usedModel = new Provenance.Input(setting().model(), Provenance.NOT_AVAILABLE);
        this.usedText = new Provenance.Text(setting().text(), Provenance.NOT_AVAILABLE, 0);
        size();
    }

    /**
     * The run that this process' {@code SUPERWEIGHT_} variables describe.
     *
     * @param notebook its name without number of cells or ending, such as {@code 02-prune}
     * @throws InvalidInputException if a variable has a value that cannot be used
     */
    public static Run fromEnvironment(String notebook) {
        return from(notebook, Checkout.current(), System.getenv());
    }

    static Run from(String notebook, Checkout checkout, Map<String, String> environment) {
        return new Run(notebook, checkout, new RunRequest(environment));
    }

    /** The model's name, or the path of its file or folder. */
    public String model() {
        return request.model();
    }

    /** The folder of evaluation data, where one was given; the bundled text serves otherwise. */
    public Optional<Path> data() {
        return request.data();
    }

    /** How the folders of results are called. */
    public Setting setting() {
        return request.setting();
    }

    public Size size() {
        return request.size();
    }

    /**
     * How many of something this run takes, such as windows: what {@code notebooks/sizes.csv} has for this
     * notebook and size, {@link Integer#MAX_VALUE} where that is {@code all}. Recorded as a parameter.
     *
     * @throws superweight.InvalidInputException if the file has no such row, or no whole numbers there
     */
    public int size(String name) {
        int count = Sizes.read(checkout.sizes()).of(notebook, name).count(size());
        parameter(name, count == Sizes.ALL ? "all" : count);
        return count;
    }

    /** Which things this run takes, such as tasks, by their names: as {@link #size(String)} has how many. */
    public List<String> words(String name) {
        List<String> words = Sizes.read(checkout.sizes()).of(notebook, name).words(size());
        parameter(name, words);
        return words;
    }

    /** What the sources print about this notebook's subject, and how each value will be judged. */
    public ResultTable claims() {
        return notebookClaims().table();
    }

    /** The same for this run's own model only; empty where the sources did not measure it. */
    public Claims claimsOnThisModel() {
        return notebookClaims().about(setting().model());
    }

    /**
     * The id of the claim that this run is about, of those which say the same of several models; empty where none is
     * about this model and none can be asked of any.
     *
     * @param family what their ids begin with, before a hyphen and the model
     */
    public Optional<String> claim(String family) {
        return notebookClaims().oneOf(family, setting().model()).map(Claim::id);
    }

    /** The known super weights of all models. */
    public SuperWeightDirectory directory() {
        return SuperWeightDirectory.read(checkout.superWeights());
    }

    /**
     * The super weights of this run's model, strongest first: those of the directory, and of a model that it
     * does not list those that the finder finds on the paper's prompt.
     *
     * @throws InvalidInputException if none are known and none are found
     */
    public List<Coordinate> superWeights(CausalLM model) {
        List<Coordinate> listed = directory().of(setting().model());
        parameter("super weights from", listed.isEmpty() ? "the finder" : "super-weights.csv");
        return listed.isEmpty() ? SuperWeightDirectory.found(setting().model(), model, part(0, 0)) : listed;
    }

    /** A curve of one of the sources' figures, such as {@code figure-3}. */
    public PrintedSeries printed(String figure, String series) {
        return PrintedSeries.read(checkout.printed(figure), series);
    }

    /**
     * The likeliest tokens of each of the paper's models with and without super weights (figures 5 and 11 to 13).
     *
     * @param stopwords says what each token counts as
     */
    public List<TokenRatios> printedTokens(Stopwords stopwords) {
        return PrintedTokens.read(checkout.printed("figure-5"), stopwords);
    }

    /** A table of one of the sources, such as {@code table-1}. */
    public PrintedTable printedTable(String table) {
        return PrintedTable.read(checkout.printed(table));
    }

    /** Where tables go: {@code paper-tables/<model>/<text>} under the output folder. */
    public Path tables() {
        return folder("paper-tables");
    }

    /** Where figures go: {@code figures/<model>/<text>} under the output folder. */
    public Path figures() {
        return folder("figures");
    }

    /** Records which file the model came from. */
    public Run usesModel(String sha256) {
        usedModel = new Provenance.Input(setting().model(), sha256);
        return this;
    }

    /** Records which text was measured on and into how many tokens it was cut. */
    public Run usesText(String sha256, int tokens) {
        return usesText(setting().text(), sha256, tokens);
    }

    /** Records the same where it is not the text that the folder of results is called after. */
    public Run usesText(String name, String sha256, int tokens) {
        usedText = new Provenance.Text(name, sha256, tokens);
        texts.put(name, usedText);
        return this;
    }

    /** Records what the measurement is set to: a number, a word, or a list of these. */
    public Run parameter(String name, Object value) {
        parameters.put(name, value instanceof Number || value instanceof Boolean || value instanceof List
                ? value : paths().from(value.toString()));
        return this;
    }

    /** Records a seed and hands it back, so that it is written down where it is used. */
    public long seed(String purpose, long seed) {
        seeds.put(purpose, seed);
        return seed;
    }

    /** Prints a line into the notebook, the same on every machine whatever its locale. */
    public void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Tells whoever waits how far the run is, {@code fraction} between 0 and 1. */
    public void progress(double fraction, String description) {
        request.progress().ifPresent(file -> AtomicFile.write(
                file, String.format(Locale.ROOT, "%.4f\t%s\n", fraction, description)));
    }

    /** A part of the run, between two fractions, as the progress of a measurement that goes on where it was stopped. */
    public Progress part(double from, double to) {
        return journal.map(each -> each.keeping(this::progress)).orElse(this::progress).between(from, to);
    }

    /** Writes a table as {@code .md}, {@code .csv} and {@code .tex}. */
    public void write(String name, ResultTable table) {
        write(tables(), name, Map.of(
                ".md", bytes(table.markdown()), ".csv", bytes(table.csv()), ".tex", bytes(table.latex())), usedText);
    }

    /**
     * Writes a figure as {@code .svg} and {@code .png}, the drawn values as {@code .csv} and its caption.
     *
     * @param sample what n is and what the bars are: {@code 10 windows of 2,048 tokens; bars are 95 % paired
     *     bootstrap intervals over windows}
     * @return the figure with its caption, to end the cell with
     */
    public CaptionedFigure write(String name, Figure figure, String sample) {
        CaptionedFigure captioned = CaptionedFigure.of(
                figure, new Setting(setting().model(), usedText.name()), size(), sample);
        write(figures(), name, Map.of(".svg", figure.svg(), ".png", figure.png(), ".csv", bytes(figure.csv()),
                ".caption.txt", bytes(captioned.caption() + "\n")), usedText);
        return captioned;
    }

    /**
     * Writes what was measured for this notebook's claims and joins it with them.
     *
     * @return the verdicts, to end the notebook with
     * @throws InvalidInputException if something was measured for which there is no claim
     */
    public VerdictTable verdicts(List<Measured> values) {
        List<Measured> measured = values.stream().map(value -> value.on(size())).toList();
        VerdictTable table = VerdictTable.of(notebookClaims(), Results.of(setting(), measured), setting());
        MeasuredFile.byText(measured).forEach((text, csv) -> write(tables(), MeasuredFile.name(notebook, text),
                Map.of(".csv", bytes(csv)), text.map(texts::get).orElse(usedText)));
        return table;
    }

    /** How everything so far came to be. */
    public Provenance provenance() {
        return provenance(usedText);
    }

    private Provenance provenance(Provenance.Text text) {
        return new Provenance(
                notebook,
                request.commit(),
                request.command().map(paths()::from).orElse("opened by hand"),
                Provenance.Time.since(start, journal.map(Journal::keptSeconds).orElse(0.0)),
                Machine.peakResidentMemory().orElse(Provenance.NOT_AVAILABLE),
                usedModel,
                text,
                size().name().toLowerCase(Locale.ROOT),
                new TreeMap<>(parameters),
                new TreeMap<>(seeds),
                RuntimeVersions.here(),
                Machine.here(paths()));
    }

    private void write(Path folder, String name, Map<String, byte[]> contentByEnding, Provenance.Text text) {
        new TreeMap<>(contentByEnding).forEach((ending, content) ->
                AtomicFile.write(folder.resolve(name + ending), content));
        AtomicFile.write(folder.resolve(name + ".provenance.json"), provenance(text).json());
    }

    private Claims notebookClaims() {
        return Claims.read(checkout.claims()).of(notebook);
    }

    private Path folder(String kind) {
        return request.out(checkout).resolve(kind).resolve(setting().model()).resolve(setting().text());
    }

    private PathRemoval paths() {
        return new PathRemoval(checkout.root(), Path.of(System.getProperty("user.home")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
