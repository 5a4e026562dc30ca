namespace PartnerPortal.Data.Storage;

/// <summary>
/// Locks between processes. The operating system frees them when their holder ends, however it ends;
/// a file with a process id in it would lie after a crash.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public static Task<FileStream> TakeAsync(string path, CancellationToken cancel) => UntilAsync(() => TryTake(path), cancel);

    /// <summary>Held by any number of processes at once; excludes those that take the lock for themselves.</summary>
    public static Task<FileStream> ShareAsync(string path, CancellationToken cancel) => UntilAsync(() => TryShare(path), cancel);

    private static FileStream? TryShare(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private static async Task<FileStream> UntilAsync(Func<FileStream?> take, CancellationToken cancel)
    {
        FileStream? taken;
        while ((taken = take()) is null)
        {
            await Task.Delay(Pause, cancel);
        }

        return taken;
    }
}
