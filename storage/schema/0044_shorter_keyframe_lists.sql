-- Lists of keyframes are written in a third of the bytes from here on (storage/keyframe_list.h); those that are there stay as they are, and
-- are read as before. A program from before this doesn't know the new ones, and refuses the database.
COMMENT ON COLUMN clip.keyframes IS 'storage/keyframe_list.h; with another first byte than 0 of a program before this';
