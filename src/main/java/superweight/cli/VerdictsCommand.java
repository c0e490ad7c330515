package superweight.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import superweight.report.Results;
import superweight.report.Results.Setting;
import superweight.report.VerdictBlocks;
import superweight.report.VerdictTable;
import superweight.report.Verdicts;

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

    @Option(names = "--headlines", description = "Only the claims that README shows.")
    private boolean headlines;

    @Option(names = "--update", paramLabel = "FILE", arity = "0..1", fallbackValue = "",
            description = "Instead of printing, renew the tables between the verdict comments of a "
                    + "Markdown file; the comments say which model and text. Without FILE: of README.md and "
                    + "paper-tables/README.md.")
    private Optional<String> update = Optional.empty();

    @Override
    public Integer call() {
        Checkout checkout = Checkout.current();
        Verdicts verdicts = Verdicts.of(checkout);
        if (update.isPresent()) {
            List<Path> documents = update.get().isEmpty()
                    ? checkout.verdictDocuments() : List.of(Path.of(update.get()));
            documents.forEach(document -> renew(document, verdicts));
            return 0;
        }
        Setting setting = setting(verdicts.results());
        PrintWriter out = spec.commandLine().getOut();
        out.print(rendered(headlines ? verdicts.headlineTable(setting) : verdicts.table(setting)));
        out.flush();
        if (verdicts.settings().isEmpty()) {
            spec.commandLine().getErr().println("superweight: Nothing was measured yet, so these are the paper's claims"
                    + " alone; ./reproduce.sh measures them.");
        }
        return 0;
    }

    private static void renew(Path file, Verdicts verdicts) {
        String before = read(file);
        String after = VerdictBlocks.update(file.getFileName().toString(), before, verdicts);
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
