using System.Buffers;
using System.Text;
using System.Text.Unicode;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>The part of a line that names a series: <c>name{label="value",…}</c>.</summary>
internal static class SeriesText
{
    private static readonly SearchValues<byte> _nameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);

    /// <summary>Where the naming part ends, found without understanding it: after the closing brace or after the name.</summary>
    public static int End(ReadOnlySpan<byte> line, bool strict)
    {
        var name = line.IndexOfAnyExcept(_nameBytes);
        if (name < 0)
            throw new LineRefused($"The value is missing after \"{SampleLine.Shown(line)}\".");
        if (name == 0)
            throw new LineRefused($"A metric's name was expected, not \"{SampleLine.Shown(line)}\".");
        var brace = name;
        if (!strict)
            brace += line[name..].IndexOfAnyExcept((byte)' ', (byte)'\t') is > 0 and var blanks ? blanks : 0;
        if (line[brace] != '{')
        {
            if (line[name] is not ((byte)' ' or (byte)'\t'))
                throw new LineRefused($"A metric's name holds a character that names cannot have: \"{SampleLine.Shown(line)}\".");
            return name;
        }
        return brace + LabelsEnd(line[brace..]);
    }

    /// <summary>The length of <c>{…}</c>.</summary>
    public static int LabelsEnd(ReadOnlySpan<byte> text)
    {
        var at = 1;
        while (true)
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'}');
            if (next < 0)
                throw new LineRefused("The labels are not closed by \"}\".");
            at += next + 1;
            if (text[at - 1] == '}')
                return at;
            at += StringEnd(text[at..]);
        }
    }

    public static ScrapedSeries Read(ReadOnlySpan<byte> spelling, bool strict, SeriesCache cache, ExpositionLimits limits)
    {
        var length = spelling.IndexOfAnyExcept(_nameBytes);
        if (length < 0)
            length = spelling.Length;
        if (length > limits.NameBytes)
            throw new LineRefused($"A metric's name has {length} bytes; at most {limits.NameBytes} are taken.");
        if (char.IsAsciiDigit((char)spelling[0]))
            throw new LineRefused("A metric's name cannot begin with a digit.");
        var name = cache.Name(spelling[..length]);
        var labels = new List<Label> { new(Label.MetricName, name) };
        var rest = spelling[length..].TrimStart(" \t"u8);
        if (!rest.IsEmpty)
            ReadLabels(rest, strict, limits, labels);
        try
        {
            return cache.Add(spelling, LabelSet.Of(labels), name);
        }
        catch (ArgumentException twice)
        {
            throw new LineRefused(twice.Message.Split(" (", 2)[0]);
        }
    }

    /// <summary>Reads <c>{a="b",c="d"}</c>, the braces included, into <paramref name="labels"/>.</summary>
    public static void ReadLabels(ReadOnlySpan<byte> text, bool strict, ExpositionLimits limits, List<Label> labels)
    {
        var blanks = strict ? [] : " \t"u8;
        var rest = text[1..^1].Trim(blanks);
        var count = 0;
        while (!rest.IsEmpty)
        {
            if (++count > limits.Labels)
                throw new LineRefused($"A series has more than {limits.Labels} labels.");
            var equals = rest.IndexOf((byte)'=');
            if (equals < 0)
                throw new LineRefused($"\"=\" was expected after the label \"{SampleLine.Shown(rest)}\".");
            var name = LabelName(rest[..equals].TrimEnd(blanks), limits);
            rest = rest[(equals + 1)..].TrimStart(blanks);
            if (rest.IsEmpty || rest[0] != '"')
                throw new LineRefused($"The value of the label {name} must stand in double quotes.");
            var end = StringEnd(rest[1..]);
            var value = LabelValue(name, rest.Slice(1, end - 1), strict, limits);
            if (labels.Exists(l => l.Name == name))
                throw new LineRefused($"The label {name} is given twice.");
            labels.Add(new Label(name, value));
            rest = rest[(end + 1)..].TrimStart(blanks);
            if (rest.IsEmpty)
                return;
            if (rest[0] != ',')
                throw new LineRefused($"A comma was expected after the label {name}.");
            rest = rest[1..].TrimStart(blanks);
            if (rest.IsEmpty && strict)
                throw new LineRefused("OpenMetrics has no comma after the last label.");
        }
    }

    private static string LabelName(ReadOnlySpan<byte> text, ExpositionLimits limits)
    {
        if (text.Length > limits.NameBytes)
            throw new LineRefused($"A label's name has {text.Length} bytes; at most {limits.NameBytes} are taken.");
        if (text.IsEmpty || text.ContainsAnyExcept(_nameBytes) || text.Contains((byte)':') || char.IsAsciiDigit((char)text[0]))
            throw new LineRefused($"\"{SampleLine.Shown(text)}\" is not a label's name: letters, digits and _ are, not beginning with a digit.");
        if (text.SequenceEqual("__name__"u8))
            throw new LineRefused("The label __name__ cannot be given; it is the metric's name.");
        return LabelTexts.Shared.Of(text);
    }

    private static string LabelValue(string name, ReadOnlySpan<byte> text, bool strict, ExpositionLimits limits)
    {
        if (text.Length > limits.ValueBytes)
            throw new LineRefused($"The value of the label {name} has {text.Length} bytes; at most {limits.ValueBytes} are taken.");
        if (!Utf8.IsValid(text))
            throw new LineRefused($"The value of the label {name} is not valid UTF-8.");
        return text.Contains((byte)'\\') ? Unescape(Encoding.UTF8.GetString(text), name, strict) : LabelTexts.Shared.Of(text);
    }

    private static string Unescape(string text, string name, bool strict)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }
            _ = text[++i] switch
            {
                'n' => plain.Append('\n'),
                '\\' => plain.Append('\\'),
                '"' => plain.Append('"'),
                var other when strict => plain.Append('\\').Append(other),
                var other => throw new LineRefused($"The value of the label {name} has the escape \\{other}; only \\\\, \\\" and \\n exist."),
            };
        }
        return plain.ToString();
    }

    /// <summary>The length of a quoted text behind its opening quote, the closing quote included.</summary>
    private static int StringEnd(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
                throw new LineRefused("A label's value has no closing quote on its line.");
            at += next + 1;
            if (text[at - 1] == '"')
                return at;
            at++;
            if (at > text.Length)
                throw new LineRefused("A label's value has no closing quote on its line.");
        }
    }
}
