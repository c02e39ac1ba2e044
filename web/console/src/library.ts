// What the pages are drawn with. Nothing imports this file: as an entry point of the bundler it keeps React and the component
// library together, in files that change only when these versions do.
export { createElement } from "react";
export { createRoot } from "react-dom/client";
export * as jsx from "react/jsx-runtime";
export { Alert, App, Button, Checkbox, ConfigProvider, Drawer, Dropdown, Form, Input, InputNumber, Modal, Progress, Radio, Segmented, Select, Skeleton, Slider, Spin, Switch, Table, Tag, Tooltip, theme } from "antd";
