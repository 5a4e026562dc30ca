using Google.Protobuf;

namespace PartnerPortal.TimeSeries.RemoteWrite;

/// <summary>Writes the protobuf message of a request.</summary>
internal static class WriteWriter
{
    public static byte[] Write(WriteRequest request)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            foreach (var series in request.Series)
            {
                Message(output, 1, to => Series(to, series));
            }

            foreach (var family in request.Families)
            {
                Message(output, 3, to =>
                {
                    to.WriteRawTag(1 << 3);
                    to.WriteEnum(Array.IndexOf(WriteRequest.Types, family.Type));
                    Text(to, 2, family.Name);
                    Text(to, 4, family.Help);
                    Text(to, 5, family.Unit);
                });
            }
        }

        return buffer.ToArray();
    }

    private static void Series(CodedOutputStream output, SeriesSamples series)
    {
        foreach (var label in series.Labels)
        {
            output.WriteRawTag((1 << 3) | 2);
            output.WriteLength(TextSize(label.Name) + TextSize(label.Value));
            Text(output, 1, label.Name);
            Text(output, 2, label.Value);
        }

        foreach (var sample in series.Samples)
        {
            output.WriteRawTag((2 << 3) | 2);
            output.WriteLength(1 + sizeof(double) + 1 + CodedOutputStream.ComputeInt64Size(sample.Time));
            output.WriteRawTag((1 << 3) | 1);
            output.WriteDouble(sample.Value);
            output.WriteRawTag(2 << 3);
            output.WriteInt64(sample.Time);
        }
    }

    private static void Message(CodedOutputStream output, byte field, Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var inner = new CodedOutputStream(buffer, leaveOpen: true))
        {
            write(inner);
        }

        output.WriteRawTag((byte)((field << 3) | 2));
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)));
    }

    private static void Text(CodedOutputStream output, byte field, string text)
    {
        output.WriteRawTag((byte)((field << 3) | 2));
        output.WriteString(text);
    }

    private static int TextSize(string text) => 1 + CodedOutputStream.ComputeStringSize(text);
}
