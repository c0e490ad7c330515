package superweight.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import superweight.InvalidInputException;
import superweight.report.AtomicFile;
import superweight.report.Checkout;
import superweight.report.Claims;
import superweight.report.Results;
import superweight.report.Results.Setting;
import superweight.report.VerdictBlocks;
import superweight.report.VerdictTable;

/** Prints the claims beside what was measured, or renews the tables of a Markdown file. */
@Command(
        name = "verdicts",
        description = "Show every claim beside what was measured for it.",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
public final class VerdictsCommand implements Callable<Integer> {
    enum Format { text, markdown, csv }

    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "M", defaultValue = "smollm2-135m",
            description = "Whose results to show beside the paper's (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(names = "--text", paramLabel = "T",
            description = "The text they were measured on, wikitext2 or bundled (default: the first of "
                    + "these that has results).")
    private Optional<String> text = Optional.empty();

    @Option(names = "--format", paramLabel = "F", defaultValue = "text",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--update", paramLabel = "FILE",
            description = "Instead of printing, renew the tables between the verdict comments of a "
                    + "Markdown file; the comments say which model and text.")
    private Optional<Path> update = Optional.empty();

    @Override
    public Integer call() {
        Checkout checkout = Checkout.current();
        Claims claims = Claims.read(checkout.claims());
        Results results = Results.read(checkout.paperTables());
        if (update.isPresent()) {
            renew(update.get(), claims, results);
            return 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(rendered(VerdictTable.of(claims, results, setting(results))));
        out.flush();
        return 0;
    }

    private static void renew(Path file, Claims claims, Results results) {
        String before = read(file);
        String after = VerdictBlocks.update(file.getFileName().toString(), before, claims, results);
        if (!after.equals(before)) {
            AtomicFile.write(file, after);
        }
    }

    private String rendered(VerdictTable table) {
        return switch (format) {
            case text -> table.plain();
            case markdown -> table.markdown();
            case csv -> table.csv();
        };
    }

    private Setting setting(Results results) {
        Setting wikitext2 = Setting.of(model, "wikitext2");
        String fallback = results.settings().contains(wikitext2) ? "wikitext2" : "bundled";
        Setting wanted = Setting.of(model, text.orElse(fallback));
        if (!results.settings().isEmpty() && !results.settings().contains(wanted)) {
            throw new InvalidInputException("--model and --text: expected one of %s, found %s."
                    .formatted(results.settings().stream().map(VerdictsCommand::words)
                            .collect(Collectors.joining(", ")), words(wanted)));
        }
        return wanted;
    }

    private static String words(Setting setting) {
        return setting.model() + " on " + setting.text();
    }

    private static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "--update: expected a Markdown file, found none at %s.".formatted(file));
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file, e);
        }
    }
}
