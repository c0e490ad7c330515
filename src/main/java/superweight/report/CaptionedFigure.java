package superweight.report;

import java.util.Locale;
import superweight.report.Figure.Source;
import superweight.report.Results.Setting;

/**
 * A figure with the words that belong under it, for a notebook and for whoever puts the figure elsewhere.
 *
 * @param figure the picture
 * @param caption sentences of plain text: what is shown and how to read it, what n is, whose values these are
 */
public record CaptionedFigure(Figure figure, String caption) {
    /**
     * Makes the caption. It names model and text unless the title does already.
     *
     * @param sample what n is and what the bars are, as {@link Run#write(String, Figure, String)} has it
     */
    static CaptionedFigure of(Figure figure, Setting setting, Run.Size size, String sample) {
        if (sample.isBlank()) {
            throw new IllegalArgumentException("the figure \"%s\" needs its sample size".formatted(figure.title()));
        }
        boolean named = figure.title().contains(setting.model()) && figure.title().contains(setting.text());
        String run = figure.sources().contains(Source.THIS_RUN)
                ? "Values of this run%s, at the %s size".formatted(
                        named ? "" : " on %s, %s".formatted(setting.model(), setting.text()),
                        size.name().toLowerCase(Locale.ROOT))
                : "None of them is a value of this run";
        return new CaptionedFigure(figure, String.join(" ", sentence(figure.title()), figure.reading(),
                sentence(sample), sentence(run)));
    }

    private static String sentence(String words) {
        String stripped = words.strip();
        String capital = stripped.substring(0, 1).toUpperCase(Locale.ROOT) + stripped.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }
}
